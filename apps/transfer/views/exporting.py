"""A diary as a file: what the history shows, with its filters and its rule, as a table or a document."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest, slow_down
from apps.core import audit
from apps.core.throttle import is_too_often
from apps.practice.models.areas import FOCUS_AREA_NAMES
from apps.practice.queries import DiaryHead, Filters
from apps.practice.views.filtering import asked_of, context_of, filtered_head
from apps.transfer import queries
from apps.transfer.columns import words_in
from apps.transfer.files.writing_csv import csv_pieces, separator_for
from apps.transfer.files.writing_json import json_pieces
from apps.transfer.files.writing_xlsx import xlsx_pieces
from apps.transfer.records import record_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": OFFICE, "json": "application/json"}
ROUTES = {kind: f"transfer:diary-{kind}" for kind in TYPES}
LABELS: "dict[str, _StrPromise]" = {
    "xlsx": _("Workbook for a spreadsheet (XLSX)"),
    "csv": _("Plain table (CSV)"),
    "json": _("Document for other programs (JSON)"),
}


@login_required
@require_safe
def diary_export(request: UserRequest, student: UUID) -> HttpResponse:
    """What to take along: the filters of the history, and a press for each kind of file."""
    head = filtered_head(request, student)
    asked = asked_of(request, head, "transfer:diary-export")
    if asked.elsewhere:
        return asked.elsewhere
    path, query = reverse("transfer:diary-export", args=[student]), asked.filters.address()
    context = {
        **context_of(asked, asked.filters, path),
        "files": [(label, _address(kind, student, query)) for kind, label in LABELS.items()],
        "back_url": f"{reverse('practice:entry-list', args=[student])}?{query}".rstrip("?"),
    }
    return render(request, "transfer/diary_export.html", context)


def _address(kind: str, student: UUID, query: str) -> str:
    return f"{reverse(ROUTES[kind], args=[student])}?{query}".rstrip("?")


@login_required
@require_safe
@never_cache
def diary_file(request: UserRequest, student: UUID, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The file itself. Its first rows leave before the last are read, and none of them is kept here."""
    head = filtered_head(request, student)
    asked = asked_of(request, head, ROUTES[kind])
    if asked.elsewhere:
        return asked.elsewhere
    if is_too_often("transfer.export", request.user.pk, limit=settings.DIARY_FILES_PER_MINUTE):
        return slow_down(request)
    now = timezone.now()
    if request.method == "GET":
        # Only that somebody did, never what was searched for.
        audit.record(
            action="diary.exported",
            actor=request.user,
            target=head.student,
            now=now,
            student_id=head.student.pk,
            kind=kind,
            filtered=bool(asked.filters.active_count),
        )
    pieces = _pieces(request, head, asked.filters, kind, now)
    response = StreamingHttpResponse(pieces, content_type=TYPES[kind])
    # No name: files lie about on computers that others use too.
    name = f"woodshed-diary-{head.student.today(now)}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pieces(
    request: UserRequest, head: DiaryHead, filters: Filters, kind: str, now: datetime
) -> Iterator[bytes]:
    """Not begun before it is sent: everything of the request's own is taken out of it here."""
    language = get_language() or settings.LANGUAGE_CODE
    batches = queries.exported_batches(request.user, head, filters, language=language)
    if kind == "json":
        about = {"student": head.student.name, "time_zone": head.student.time_zone, "written_at": now}
        return json_pieces(about, batches)
    words = words_in(language, FOCUS_AREA_NAMES)
    header = list(words.labels.values())
    rows = ([list(record_of(entry, words).values()) for entry in batch] for batch in batches)
    if kind == "csv":
        return csv_pieces(header, rows, separator=separator_for(language))
    return xlsx_pieces(header, rows, title=str(_("Practice diary")))
