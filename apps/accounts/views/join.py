"""Answering an invitation. Whoever holds the link may look and decline; accepting needs the right account.

The token is the key of these pages, so they do not go through ``get_allowed_or_404``; nothing is
changed by a GET, because mail scanners follow links.
"""

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import ages, queries, services
from apps.accounts.accept_forms import AcceptForm
from apps.accounts.http import JOIN_HASH, in_time, secret_link, slow_down, writes_too_often
from apps.accounts.models import Invitation
from apps.accounts.models.invitations import InvitationRole, InvitationState
from apps.accounts.roles import role_of
from apps.core.access import is_allowed
from apps.core.tokens import hash_token

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

GONE = 410
# The same for both reasons: whoever reads it may be the one whom the reason is about.
LATER = gettext_lazy(
    "At the moment nobody can join here. The people who run this Woodshed are looking after it; "
    "please ask them. Your invitation keeps."
)


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
        "may_manage": is_allowed("manage", request.user, invitation),
        "role": role_of(invitation.role),
        "form": accept_form(request, invitation),
        **more,
    }
    status = 200 if state == InvitationState.PENDING else GONE
    return render(request, "accounts/invitation_show.html", context, status=status)


def accept_form(request: HttpRequest, invitation: Invitation, data: QueryDict | None = None) -> AcceptForm:
    """What the role asks whoever accepts."""
    by = request.user if request.user.is_authenticated else None
    return role_of(invitation.role).asks(data, invitation=invitation, by=by)


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
    form = accept_form(request, invitation, request.POST)
    if form.says_age and ages.was_refused(request, request.user):
        return page(request, invitation, token, form=form, **too_young(invitation))
    if not (form.is_valid() and in_time(request, form)):
        return page(request, invitation, token, form=form)
    try:
        accepted = services.accept_invitation(
            invitation=invitation, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except REFUSALS as error:
        answer = refuse(request, invitation, token, form, error)
        was_asked = isinstance(error, services.AgeNotAllowed) and form.says_age
        return ages.refuse(answer, request.user) if was_asked else answer
    except (
        services.InvitationIsNotPending,
        services.InvitationIsForSomebodyElse,
        services.InvitationIsYourOwn,
    ):
        return page(request, find(token), token)
    return welcome(request, accepted)


# Not fit for this account, or with these answers; the invitation goes on waiting.
REFUSALS = (
    services.AgeIsAnAdults,
    services.AgeNotAllowed,
    services.AnswersForOthers,
    services.DiaryIsInUse,
    services.FamilyIsLocked,
    services.GuardianIsSuspended,
    services.NotGrownUp,
    services.NotYourChild,
    services.OfferIsOver,
    services.StudentHasALogin,
    services.StudentIsAdult,
    services.StudentIsTheGuardian,
)


def too_young(invitation: Invitation) -> dict[str, bool]:
    """The page for whose answer about age was refused: a diary's, or a teacher's."""
    return {"not_grown_up" if invitation.role == InvitationRole.TEACHER else "too_young": True}


def refuse(
    request: HttpRequest, invitation: Invitation, token: str, form: AcceptForm, error: Exception
) -> HttpResponse:
    """A page that explains, or the form says what does not fit, and who can settle it."""
    if type(error) is services.AgeNotAllowed:
        return page(request, invitation, token, **too_young(invitation))
    if (explained := PAGES.get(type(error))) is not None:
        return page(request, invitation, token, **{explained: True})
    form.add_error(*what_does_not_fit(invitation, form, error))
    return page(request, invitation, token, form=form)


# Which words of the page explain it.
PAGES: dict[type[Exception], str] = {
    services.StudentHasALogin: "has_login",
    services.AnswersForOthers: "answers_for_others",
    services.StudentIsAdult: "is_adult",
    services.NotGrownUp: "not_grown_up",
    services.OfferIsOver: "is_over",
}


def what_does_not_fit(
    invitation: Invitation, form: AcceptForm, error: Exception
) -> tuple[str | None, "str | _StrPromise"]:
    """Beside which field of the form, and the words."""
    if isinstance(error, services.StudentIsTheGuardian):
        return None, one_account(invitation)
    if isinstance(error, services.NotYourChild):
        return None, _("You do not look after this child any more. Please choose again.")
    if isinstance(error, services.DiaryIsInUse):
        return "child", _(
            "Somebody has joined this diary or written in it already, so the two cannot be made one. "
            "Accept it as a diary of its own, or ask the teacher to send you a new invitation as a pupil."
        )
    if isinstance(error, services.AgeIsAnAdults):
        words = _(
            "A guardian has joined for this student. If you are 18 or older, ask them to write your month "
            "of birth in the profile, and then come back to this page."
        )
        return ("birth_year" if form.says_age else None), words
    return None, LATER


def one_account(invitation: Invitation) -> str:
    if invitation.role == InvitationRole.TEACHER:
        return _(
            "One account cannot be both the student and the teacher. Please accept with another account."
        )
    return _("One account cannot be both the student and a guardian. Please accept with another account.")


def welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    request.session.pop(JOIN_HASH, None)
    student = invitation.known_student
    messages.success(request, role_of(invitation.role).welcome % {"name": student.name})
    return redirect("practice:entry-list", student.pk)


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
