"""The pages of one's own data and of a diary's: copies to ask for, to watch and to fetch."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest, need_fresh_password, post_only, slow_down, writes_too_often
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.core.access import with_permission
from apps.privacy import queries
from apps.privacy.models import Export
from apps.privacy.services import exports

from .doors import guardians_decide

export_or_404 = Door(lambda reader: Export.objects.all())


def _students(reader: User) -> QuerySet[Student]:
    return with_permission(Student.objects.all(), reader, may_export="export", may_erase="erase")


_data_of_or_404 = Door(_students)


@login_required
@require_safe
def person_data(request: UserRequest) -> HttpResponse:
    context = {
        "exports": queries.exports_of(request.user, None),
        "erasure": queries.open_erasure(request.user.pk),
        "may_decide": queries.decides_for_themselves(request.user.pk, "export"),
    }
    return render(request, "privacy/person_data.html", context)


@login_required
@require_safe
def student_data(request: UserRequest, student: UUID) -> HttpResponse:
    """The family's page; who decides for the diary finds the buttons there."""
    pupil = _data_of_or_404(request.user, student, "view_data")
    context = {
        "student": pupil,
        "exports": queries.exports_of(request.user, pupil),
        "erasure": queries.open_erasure(pupil.pk),
    }
    return render(request, "privacy/student_data.html", context)


@post_only("privacy:person-data")
def person_export(request: UserRequest) -> HttpResponse:
    if not queries.decides_for_themselves(request.user.pk, "export"):
        return guardians_decide(request)
    need_fresh_password(request)
    if writes_too_often(request):
        return slow_down(request)
    ask_for_copy(request, None)
    return redirect("privacy:person-data")


@post_only("privacy:student-data", "student")
def student_export(request: UserRequest, student: UUID) -> HttpResponse:
    pupil = student_or_404(request.user, student, "export")
    need_fresh_password(request)
    if writes_too_often(request):
        return slow_down(request)
    ask_for_copy(request, pupil)
    return redirect("privacy:student-data", pupil.pk)


def ask_for_copy(request: UserRequest, student: Student | None) -> None:
    try:
        exports.request_export(by=request.user, student=student, now=timezone.now())
    except exports.TooManyExports:
        messages.error(request, _("You have asked for many copies today. Please try again tomorrow."))
    else:
        messages.success(request, _("Your copy is being made. You get a mail when it is ready."))


def page_of(export: Export) -> HttpResponseRedirect:
    if export.student_id is None:
        return redirect("privacy:person-data")
    return redirect("privacy:student-data", export.student_id)


@login_required
@require_safe
@never_cache
def export_download(request: UserRequest, export: UUID) -> HttpResponse | FileResponse:
    """The file itself, to exactly who asked for it; its own address is nobody's."""
    row = export_or_404(request.user, export, "download")
    need_fresh_password(request)
    try:
        file = default_storage.open(row.path)
    except FileNotFoundError:
        messages.error(request, _("The file is no longer there. Please ask for a new copy."))
        return page_of(row)
    exports.note_download(export=row, by=request.user, now=timezone.now())
    name = f"woodshed-{row.requested_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
