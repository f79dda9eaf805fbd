"""The page of a diary's consents: what is asked, what was said, and the buttons of whoever decides."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.doors import student_or_404
from apps.accounts.http import (
    UserRequest,
    in_time,
    need_fresh_password,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.accounts.services.collection import MayNotDecide
from apps.consent import queries, services
from apps.consent.forms import CountryForm, GiveForm, WithdrawForm
from apps.consent.models import Purpose
from apps.core.access import with_permission


def _students(reader: User) -> QuerySet[Student]:
    rows = Student.objects.all()
    return with_permission(rows, reader, may_decide="decide_consents", may_withdraw="withdraw_consents")


_consenting_or_404 = Door(_students)


def consents_page(request: UserRequest, student: UUID, form: CountryForm | None = None) -> HttpResponse:
    pupil = _consenting_or_404(request.user, student, "view_consents")
    core, *others = queries.rows_of(pupil.pk)
    context = {
        "student": pupil,
        "core": core,
        "others": others,
        "history": queries.history_of(pupil.pk),
        "form": form or CountryForm(student=pupil),
    }
    return render(request, "consent/student_consents.html", context)


@login_required
@require_safe
def student_consents(request: UserRequest, student: UUID) -> HttpResponse:
    return consents_page(request, student)


def deciding_or_404(request: UserRequest, student: UUID, action: str = "decide_consents") -> Student:
    """The student, for who decides; the password is asked for behind the door."""
    pupil = student_or_404(request.user, student, action)
    need_fresh_password(request)
    return pupil


@post_only("consent:student-consents", "student")
def consent_give(request: UserRequest, student: UUID) -> HttpResponse:
    pupil = deciding_or_404(request, student)
    if writes_too_often(request):
        return slow_down(request)
    form = GiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Please use a button of this page."))
        return redirect("consent:student-consents", student)
    purpose, version = Purpose(form.cleaned_data["purpose"]), form.cleaned_data["version"]
    try:
        services.give_consent(
            student=pupil, purpose=purpose, version=version, by=request.user, now=timezone.now()
        )
    except services.TextHasChanged:
        messages.error(request, _("The text has changed meanwhile. Please read it once more."))
    except MayNotDecide:
        raise PermissionDenied from None
    else:
        messages.success(request, _("Noted: you agree."))
    return redirect("consent:student-consents", student)


@post_only("consent:student-consents", "student")
def consent_withdraw(request: UserRequest, student: UUID) -> HttpResponse:
    pupil = deciding_or_404(request, student, "withdraw_consents")
    if writes_too_often(request):
        return slow_down(request)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Please use a button of this page."))
        return redirect("consent:student-consents", student)
    purpose = Purpose(form.cleaned_data["purpose"])
    try:
        services.withdraw_consent(student=pupil, purpose=purpose, by=request.user, now=timezone.now())
    except MayNotDecide:
        raise PermissionDenied from None
    messages.success(request, _("Noted: this is taken back."))
    return redirect("consent:student-consents", student)


@post_only("consent:student-consents", "student")
def country_change(request: UserRequest, student: UUID) -> HttpResponse:
    pupil = deciding_or_404(request, student)
    form = CountryForm(request.POST, student=pupil)
    if not (form.is_valid() and in_time(request, form)):
        return consents_page(request, student, form)
    try:
        services.change_country(student=pupil, by=request.user, now=timezone.now(), **form.cleaned_data)
    except MayNotDecide:
        raise PermissionDenied from None
    except services.TooYoungThere:
        words = _("There you are too young to decide alone. Invite a parent or guardian first.")
        form.add_error("country", words)
        return consents_page(request, student, form)
    messages.success(request, _("Saved."))
    return redirect("consent:student-consents", student)
