"""Asking a teacher for lessons, and answering."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import (
    UserRequest,
    collection_is_off,
    in_time,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.models import Student, User
from apps.accounts.services import CollectionIsOff, FamilyIsLocked, OfferIsOver
from apps.core.access import allowed
from apps.private_teaching import queries, services
from apps.private_teaching.application_forms import ApplicationForm, DeclineForm
from apps.private_teaching.models import Application, PublishedPage
from apps.private_teaching.models.applications import ApplicationState

from .doors import HELD, done, found_or_404, knock, teacher_or_404, too_late
from .pages import published_or_404
from .threads import application_page

CHANGED = gettext_lazy("Something has changed meanwhile: you cannot ask this teacher now.")
# Why somebody cannot ask, and what a form says of it that was being filled in.
WHY_NOT: Mapping[str, Promise] = {
    "own": gettext_lazy("This is your own page."),
    "closed": gettext_lazy("This teacher takes no new pupils at the moment."),
    "held": HELD,
    "young": CHANGED,
    "nobody": CHANGED,
}
# What does not fit, and beside which field it is said.
REFUSED: Mapping[type[Exception], tuple[str | None, Promise]] = {
    services.InstrumentAlreadyTaught: (
        "instrument",
        gettext_lazy("This teacher teaches this instrument already, or it is paused."),
    ),
    services.AskedLately: (
        "student",
        gettext_lazy("This teacher has said no a short time ago. You can ask again some weeks later."),
    ),
    services.MayNotAsk: (None, CHANGED),
    services.OwnPage: (None, CHANGED),
    services.PageTakesNobody: (None, CHANGED),
    FamilyIsLocked: (None, HELD),
}
# Of a family the teacher learns nothing more before a yes: not why it cannot be.
NO_YES: Mapping[type[Exception], Promise] = {
    services.NoPlaceLeft: gettext_lazy(
        "All your places are taken. Change your page, or use the waiting list."
    ),
    services.NotAgreedYet: gettext_lazy("The family has to agree first. We have asked them by mail."),
    OfferIsOver: gettext_lazy("The family has paused these lessons. They can let them go on."),
    FamilyIsLocked: gettext_lazy("This cannot be answered with yes just now. The request stays open."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_create(request: UserRequest, profile: UUID) -> HttpResponse:
    """For one's children, and oneself; who may ask for nobody reads how to begin."""
    page = published_or_404(profile)
    students = list(allowed(Student.objects.order_by("name", "pk"), "apply", request.user))
    data = request.POST if request.method == "POST" else None
    form = ApplicationForm(data, students=students, instruments=page.instruments)
    why_not = what_hinders(request.user, page, students)
    if form.is_bound and why_not:
        # It was possible when they began to type: the words stay.
        form.add_error(None, str(WHY_NOT[why_not]))
    elif form.is_valid() and in_time(request, form) and (sent := asked(request, profile, form)):
        return redirect("private_teaching:application-show", sent.pk)
    own = None if students else Student.objects.own(request.user).first()
    context = {"page": page, "form": form, "own": own, "why_not": why_not}
    return render(request, "private_teaching/application_create.html", context)


def what_hinders(user: User, page: PublishedPage, students: Sequence[Student]) -> str:
    """A key of ``WHY_NOT``; empty when this person may ask."""
    if page.profile.teacher_id == user.pk:
        return "own"
    if not page.profile.is_taking:
        return "closed"
    if students:
        return ""
    if queries.is_family_held(user):
        return "held"
    return "young" if Student.objects.own(user).exists() else "nobody"


def asked(request: UserRequest, profile: UUID, form: ApplicationForm) -> Application | None:
    """The request; or None, and the form says what does not fit."""
    try:
        sent = services.apply_to(profile=profile, by=request.user, now=timezone.now(), **form.cleaned_data)
    except services.AskedAlready as error:
        return asked_before(request, form, error.application)
    except CollectionIsOff:
        form.add_error("student", collection_is_off(form.cleaned_data["student"].name))
    except services.TooManyApplications as error:
        words = _("%(count)d requests are open already, or were made today. Wait for an answer first.")
        form.add_error(None, words % {"count": error.limit})
    except tuple(REFUSED) as error:
        field, why = REFUSED[type(error)]
        form.add_error(field, str(why))
    else:
        messages.success(request, _("Your request is on its way."))
        return sent
    return None


def asked_before(request: UserRequest, form: ApplicationForm, before: Application) -> Application | None:
    """A double click has asked once. What somebody else asked, or in other words, is another request: the
    typed words stay."""
    said = form.cleaned_data
    if queries.says_the_same(before, by=request.user, instrument=said["instrument"], body=said["body"]):
        return before
    words = format_html(
        '{} <a href="{}">{}</a>',
        _("This teacher is asked already, and has not answered yet. You can write there."),
        reverse("private_teaching:application-show", args=[before.pk]),
        _("Open the request"),
    )
    form.add_error("student", words)
    return None


@login_required
@require_safe
def application_list(request: UserRequest) -> HttpResponse:
    """What waits for this teacher's answer."""
    teacher_or_404(request.user, request.user.pk, "publish")
    rows = queries.open_to(request.user)
    context = {
        "waiting": [row for row in rows if row.state == ApplicationState.PENDING],
        "listed": [row for row in rows if row.state == ApplicationState.WAITLISTED],
        "page": queries.own_page(request.user),
    }
    return render(request, "private_teaching/application_list.html", context)


@post_only("private_teaching:application-show", "application")
def application_accept(request: UserRequest, application: UUID) -> HttpResponse:
    row = knock(request, application, "answer")
    if row is None:
        return too_late(request, application)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.accept(application=row, by=request.user, now=timezone.now())
    except services.ApplicationIsOver:
        return too_late(request, application)
    except tuple(NO_YES) as error:
        messages.error(request, str(NO_YES[type(error)]))
        if isinstance(error, services.NotAgreedYet):
            services.remind_of_agreement(application=row, now=timezone.now())
        return redirect("private_teaching:application-show", application)
    return done(request, application, _("The lessons have begun. You now see what is shared in the diary."))


@post_only("private_teaching:application-show", "application")
def application_wait(request: UserRequest, application: UUID) -> HttpResponse:
    """On the waiting list."""
    row = knock(request, application, "answer")
    if row is None:
        return too_late(request, application)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.put_on_waiting_list(application=row, by=request.user, now=timezone.now())
    except services.ApplicationIsOver:
        return too_late(request, application)
    return done(request, application, _("They are on your waiting list."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_decline(request: UserRequest, application: UUID) -> HttpResponse:
    is_sent = request.method == "POST"
    row = (knock if is_sent else found_or_404)(request, application, "answer")
    if row is None:
        return too_late(request, application)
    form = DeclineForm(request.POST if is_sent else None)
    if form.is_valid() and in_time(request, form):
        words = form.cleaned_data["words"]
        try:
            services.decline(application=row, by=request.user, words=words, now=timezone.now())
        except CollectionIsOff:
            form.add_error("words", _("No words can be sent just now. Leave it empty to say no."))
        except services.ApplicationIsOver:
            return too_late(request, application)
        else:
            return done(request, application, _("Your answer is on its way. The request is closed."))
    return render(request, "private_teaching/application_decline.html", {"application": row, "form": form})


@post_only("private_teaching:application-show", "application")
def application_agree(request: UserRequest, application: UUID) -> HttpResponse:
    row = knock(request, application, "agree")
    if row is None:
        return too_late(request, application)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.agree_to(application=row, by=request.user, now=timezone.now())
    except services.ApplicationIsOver:
        return too_late(request, application)
    except FamilyIsLocked:
        messages.error(request, str(HELD))
        return redirect("private_teaching:application-show", application)
    return done(request, application, _("Saved: you agree. Now it is the teacher's turn."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_withdraw(request: UserRequest, application: UUID) -> HttpResponse:
    if request.method != "POST":
        row = found_or_404(request, application, "withdraw")
        return render(request, "private_teaching/application_withdraw.html", {"application": row})
    sent = knock(request, application, "withdraw")
    if sent is None:
        return too_late(request, application)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.withdraw(application=sent, by=request.user, now=timezone.now())
    except services.ApplicationIsOver:
        return too_late(request, application)
    return done(request, application, _("The request is taken back."))


@login_required
@require_safe
def application_show(request: UserRequest, application: UUID) -> HttpResponse:
    return application_page(request, application)
