"""Asking a teacher for lessons, and answering."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
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
from apps.accounts.services import CollectionIsOff, FamilyIsLocked
from apps.core.access import allowed, get_allowed_or_404, is_allowed
from apps.private_teaching import queries, services
from apps.private_teaching.application_forms import ApplicationForm, DeclineForm
from apps.private_teaching.models import Application

from .pages import published_or_404
from .threads import application_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_create(request: UserRequest, profile: UUID) -> HttpResponse:
    """For one's children, and oneself; who may ask for nobody reads how to begin."""
    page = published_or_404(profile)
    students = list(allowed(Student.objects.order_by("name", "pk"), "apply", request.user))
    form = ApplicationForm(request.POST or None, students=students, instruments=page.instruments)
    is_own = page.profile.teacher_id == request.user.pk
    may_ask = bool(students) and page.profile.is_taking and not is_own
    if may_ask and form.is_valid() and in_time(request, form) and (sent := asked(request, profile, form)):
        return redirect("private_teaching:application-show", sent.pk)
    own = None if students else Student.objects.own(request.user).first()
    context = {"page": page, "form": form, "own": own, "is_own": is_own, "may_ask": may_ask}
    return render(request, "private_teaching/application_create.html", context)


def asked(request: UserRequest, profile: UUID, form: ApplicationForm) -> Application | None:
    """The request; or None, and the form says what does not fit."""
    try:
        sent = services.apply_to(profile=profile, by=request.user, now=timezone.now(), **form.cleaned_data)
    except services.AskedAlready as error:
        return error.application
    except CollectionIsOff:
        form.add_error("student", collection_is_off(form.cleaned_data["student"].name))
    except services.TooManyApplications as error:
        words = _("%(count)d requests are open already, or were made today. Wait for an answer first.")
        form.add_error(None, words % {"count": error.limit})
    except services.InstrumentAlreadyTaught:
        form.add_error("instrument", _("This teacher teaches this instrument already, or it is paused."))
    except services.AskedLately:
        words = _("This teacher has said no a short time ago. You can ask again some weeks later.")
        form.add_error("student", words)
    except (services.MayNotAsk, services.OwnPage, services.PageTakesNobody, FamilyIsLocked):
        form.add_error(None, _("Something has changed meanwhile: you cannot ask this teacher now."))
    else:
        messages.success(request, _("Your request is on its way."))
        return sent
    return None


@login_required
@require_safe
def application_list(request: UserRequest) -> HttpResponse:
    """What waits for this teacher's answer."""
    get_allowed_or_404(User.objects.all(), "publish", request.user, pk=request.user.pk)
    rows = queries.open_to(request.user)
    context = {
        "waiting": [row for row in rows if row.state == "pending"],
        "listed": [row for row in rows if row.state == "waitlisted"],
        "page": queries.own_page(request.user),
    }
    return render(request, "private_teaching/application_list.html", context)


def found_or_404(request: UserRequest, application: UUID, action: str) -> Application:
    rows = Application.objects.select_related("student", "teacher__teacher_profile__published")
    return get_allowed_or_404(rows, action, request.user, pk=application)


def over(request: UserRequest) -> None:
    messages.info(request, _("Somebody was quicker: this request is answered or closed already."))


def after(request: UserRequest, row: Application) -> HttpResponse:
    """Back to the request, if the person may still see it."""
    if is_allowed("view", request.user, row):
        return redirect("private_teaching:application-show", row.pk)
    return redirect("private_teaching:application-list")


@post_only("private_teaching:application-show", "application")
def application_accept(request: UserRequest, application: UUID) -> HttpResponse:
    row = found_or_404(request, application, "answer")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.accept(application=row, by=request.user, now=timezone.now())
    except services.ApplicationIsOver:
        over(request)
    except services.NoPlaceLeft:
        messages.error(request, _("All your places are taken. Change your page, or use the waiting list."))
    except services.NotAgreedYet:
        messages.error(request, _("A guardian has to agree first. They were asked by mail."))
    except FamilyIsLocked:
        messages.error(request, _("The people who run this Woodshed hold this family as it is for now."))
    else:
        messages.success(request, _("The lessons have begun. You now see what is shared in the diary."))
    return after(request, row)


@post_only("private_teaching:application-show", "application")
def application_wait(request: UserRequest, application: UUID) -> HttpResponse:
    """On the waiting list."""
    row = found_or_404(request, application, "answer")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.put_on_waiting_list(application=row, by=request.user, now=timezone.now())
    except services.ApplicationIsOver:
        over(request)
    else:
        messages.success(request, _("They are on your waiting list."))
    return after(request, row)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_decline(request: UserRequest, application: UUID) -> HttpResponse:
    row = found_or_404(request, application, "answer")
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        words = form.cleaned_data["words"]
        try:
            services.decline(application=row, by=request.user, words=words, now=timezone.now())
        except CollectionIsOff:
            form.add_error("words", _("Nothing new may be written about this student now. Leave it empty."))
        except services.ApplicationIsOver:
            over(request)
            return after(request, row)
        else:
            messages.success(request, _("Your answer is on its way. The request is closed."))
            return after(request, row)
    return render(request, "private_teaching/application_decline.html", {"application": row, "form": form})


@post_only("private_teaching:application-show", "application")
def application_agree(request: UserRequest, application: UUID) -> HttpResponse:
    row = found_or_404(request, application, "agree")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.agree_to(application=row, by=request.user, now=timezone.now())
    except (services.ApplicationIsOver, FamilyIsLocked):
        over(request)
    else:
        messages.success(request, _("Saved: you agree. Now it is the teacher's turn."))
    return after(request, row)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_withdraw(request: UserRequest, application: UUID) -> HttpResponse:
    row = found_or_404(request, application, "withdraw")
    if request.method != "POST":
        return render(request, "private_teaching/application_withdraw.html", {"application": row})
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.withdraw(application=row, by=request.user, now=timezone.now())
    except services.ApplicationIsOver:
        over(request)
    else:
        messages.success(request, _("The request is taken back."))
    return after(request, row)


@login_required
@require_safe
def application_show(request: UserRequest, application: UUID) -> HttpResponse:
    return application_page(request, application)
