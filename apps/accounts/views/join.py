"""Answering an invitation. Whoever holds the link may look and decline; accepting needs the right account.

The token is the key of these pages, so they do not go through ``get_allowed_or_404``; nothing is
changed by a GET, because mail scanners follow links.
"""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import queries, services
from apps.accounts.forms import AcceptForm
from apps.accounts.http import JOIN_HASH, in_time, secret_link, slow_down, writes_too_often
from apps.accounts.models import Invitation
from apps.accounts.models.invitations import InvitationRole, InvitationState, hash_token
from apps.accounts.models.students import AgeBand

GONE = 410


def find(token: str) -> Invitation:
    """By hash; raises Http404 for a link that never was or that a newer mail replaced."""
    invitations = Invitation.objects.select_related("student", "invited_by")
    return get_object_or_404(invitations, token_hash=hash_token(token))


def page(request: HttpRequest, invitation: Invitation, token: str, **more: object) -> HttpResponse:
    """The page of the invitation as it stands now, for whoever looks."""
    state = invitation.state(timezone.now())
    is_mine = request.user.is_authenticated and queries.may_answer(request.user, invitation)
    context = {
        "invitation": invitation,
        "token": token,
        "state": state,
        "is_mine": is_mine,
        "is_own": request.user.is_authenticated and invitation.invited_by_id == request.user.pk,
        "is_accepted_by_me": request.user.is_authenticated and invitation.accepted_by_id == request.user.pk,
        "form": AcceptForm(role=invitation.role),
        **more,
    }
    status = 200 if state == InvitationState.PENDING else GONE
    return render(request, "accounts/invitation_show.html", context, status=status)


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """Keep the way back, and that the mail has reached whoever signs up with its address.

    The hash opens nothing: the session's row is no key to whoever reads it.
    """
    if invitation.state(timezone.now()) == InvitationState.PENDING:
        request.session[JOIN_HASH] = invitation.token_hash
        if not invitation.is_by_code:
            get_adapter().stash_verified_email(request, invitation.email)


@secret_link
@require_safe
def invitation_show(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find(token)
    if not request.user.is_authenticated and request.method == "GET":
        remember(request, invitation)
    return page(request, invitation, token)


@secret_link
@require_POST
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find(token)
    if not request.user.is_authenticated:
        return redirect("accounts:invitation-show", token)
    form = AcceptForm(request.POST, role=invitation.role)
    if not (form.is_valid() and in_time(request, form)):
        return page(request, invitation, token, form=form)
    try:
        services.accept_invitation(
            invitation=invitation, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except (services.AgeNotAllowed, services.StudentIsTheGuardian) as error:
        return refuse(request, invitation, token, form, error)
    except (services.StudentHasALogin, services.OfferIsOver) as error:
        closed = "has_login" if isinstance(error, services.StudentHasALogin) else "is_over"
        return page(request, invitation, token, form=form, **{closed: True})
    except (
        services.InvitationIsNotPending,
        services.InvitationIsForSomebodyElse,
        services.InvitationIsYourOwn,
        services.StudentIsAdult,
    ):
        return page(request, find(token), token)
    return welcome(request, invitation)


def refuse(
    request: HttpRequest, invitation: Invitation, token: str, form: AcceptForm, error: Exception
) -> HttpResponse:
    """Under 13: a page that explains. Else the form says what does not fit, and who can settle it."""
    if isinstance(error, services.StudentIsTheGuardian):
        words = _(
            "One account cannot be both the student and a guardian. Please accept with another account."
        )
        form.add_error(None, words)
    elif form.cleaned_data["age_band"] == AgeBand.CHILD:
        return page(request, invitation, token, too_young=True)
    else:
        form.add_error(
            "age_band",
            _("A guardian has joined for this student, so the diary is a child's. Please ask them first."),
        )
    return page(request, invitation, token, form=form)


def welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    request.session.pop(JOIN_HASH, None)
    name = invitation.student.name
    if invitation.role == InvitationRole.STUDENT:
        messages.success(request, _("Welcome! This is your diary now."))
    elif invitation.role == InvitationRole.GUARDIAN:
        messages.success(request, _("Welcome! You are now a guardian of %s.") % name)
    else:
        messages.success(request, _("Welcome! You may now see the diary of %s.") % name)
    return redirect("practice:entry-list", invitation.student_id)


@secret_link
@require_POST
def invitation_decline(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find(token)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.decline_invitation(invitation=invitation, now=timezone.now())
    except services.InvitationIsNotPending:
        return page(request, find(token), token)
    request.session.pop(JOIN_HASH, None)
    return redirect("accounts:invitation-show", token)
