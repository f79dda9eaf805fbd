"""A student's profile and limit; a person's own settings; the language of the pages."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language as django_set_language

from apps.accounts import services
from apps.accounts.family_forms import GuardedStudentForm
from apps.accounts.forms import LimitForm, SettingsForm, StudentForm
from apps.accounts.http import (
    UserRequest,
    collection_is_off,
    in_time,
    say_too_often,
    slow_down,
    writes_too_often,
)
from apps.accounts.models import Student, User
from apps.accounts.own_lines import own_lines
from apps.accounts.prepared import Door
from apps.core.access import is_allowed

student_or_404 = Door(lambda reader: Student.objects.select_related("profile"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def student_edit(request: UserRequest, student: UUID) -> HttpResponse:
    pupil = student_or_404(request.user, student, "change")
    form_class = GuardedStudentForm if is_allowed("say_age", request.user, pupil) else StudentForm
    form = form_class(request.POST or None, student=pupil)
    if form.is_valid() and in_time(request, form):
        try:
            save_student(pupil, request.user, form.cleaned_data)
        except services.CollectionIsOff:
            form.add_error(None, collection_is_off(pupil.name))
        except services.MonthIsForTheStaff as error:
            form.add_error("birth_year", month_is_for_the_staff(pupil, error))
        else:
            messages.success(request, _("Saved."))
            return redirect("private_teaching:student-people", pupil.pk)
    return render(request, "accounts/student_edit.html", {"form": form, "student": pupil})


def month_is_for_the_staff(student: Student, error: services.MonthIsForTheStaff) -> str:
    words = (
        _(
            "%(name)s signs in without you, and at 18 decides alone. So this can be made later only by the "
            "people who run this Woodshed. Please ask them if it is wrong."
        )
        if error.is_younger
        else _(
            "By what was written before, %(name)s is under 18. If that is wrong, please ask the people who "
            "run this Woodshed to correct it."
        )
    )
    return words % {"name": student.get_short_name()}


@transaction.atomic
def save_student(student: Student, by: User, data: dict[str, Any]) -> None:
    """All of the form or nothing; the month of birth is there where this person may say it."""
    now, rest = timezone.now(), dict(data)
    if "birth_month" in rest:
        services.change_birth_month(student=student, birth_month=rest.pop("birth_month"), by=by, now=now)
    services.change_student(student=student, by=by, now=now, **rest)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def student_limit(request: UserRequest, student: UUID) -> HttpResponse:
    """A teacher lets a student log longer sessions than usual."""
    pupil = student_or_404(request.user, student, "limit")
    form = LimitForm(request.POST or None, student=pupil)
    if form.is_valid() and in_time(request, form):
        services.change_limit(student=pupil, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("private_teaching:student-people", pupil.pk)
    return render(request, "accounts/student_limit.html", {"form": form, "student": pupil})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_edit(request: UserRequest) -> HttpResponse:
    form = settings_form(request)
    # With a photo it was counted before anything was read.
    if not (form.is_valid() and (request.FILES or in_time(request, form)) and save_settings(request, form)):
        context = {"form": form, "lines": own_lines(request.user, timezone.now())}
        return render(request, "accounts/settings.html", context)
    translation.activate(request.user.language)
    messages.success(request, _("Saved."))
    response = redirect("accounts:settings")
    remember_language(response, request.user.language)
    return response


def settings_form(request: UserRequest) -> SettingsForm:
    """Decoding a photo is work that somebody else orders: what comes too often is not even looked at."""
    is_too_often = bool(request.FILES) and writes_too_often(request)
    form = SettingsForm(
        request.POST or None,
        None if is_too_often else request.FILES or None,
        user=request.user,
        may_show_face=is_allowed("show_face", request.user, request.user),
    )
    if is_too_often:
        say_too_often(form)
    return form


def save_settings(request: UserRequest, form: SettingsForm) -> bool:
    """All of the form or nothing; the form says why not."""
    rest = dict(form.cleaned_data)
    photo = rest.pop("photo", None)
    try:
        services.change_settings(user=request.user, photo=photo, now=timezone.now(), **rest)
    except services.PhotoIsNotKept:
        form.add_error("photo", _("The photo could not be kept just now. Please try again later."))
    except services.NoPhotoOfMinors:
        form.add_error("photo", _("Photos are for grown-ups only."))
    except services.AccountIsOver:
        form.add_error(None, account_is_over())
    else:
        return True
    return False


def account_is_over() -> str:
    return _("This account has been closed meanwhile. Nothing was saved.")


def remember_language(response: HttpResponse, language: str) -> None:
    """For the pages of this device that are seen signed out."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's, which keeps a cookie; for a signed-in person it is also their setting, mail included."""
    language = request.POST.get("language", "")
    if (
        request.user.is_authenticated
        and language in dict(settings.LANGUAGES)
        and check_for_language(language)
    ):
        if writes_too_often(request):
            return slow_down(request)
        with suppress(services.AccountIsOver):
            services.change_language(user=request.user, language=language, now=timezone.now())
    response: HttpResponse = django_set_language(request)
    return response
