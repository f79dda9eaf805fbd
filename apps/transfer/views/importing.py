"""Bringing sessions into a diary: a file, what its columns mean, what would become of each row, and then."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, collection_is_off, in_time, post_only, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.practice.models import PracticeEntry
from apps.practice.queries import find_head
from apps.practice.views.doors import head_or_404, nothing_is_kept
from apps.transfer import queries, services
from apps.transfer.files.writing_csv import separator_for
from apps.transfer.forms import ColumnsForm, UploadForm
from apps.transfer.importers import BY_KEY, TABLE
from apps.transfer.models import Import, ImportRow, ImportState
from apps.transfer.models.imports import BEFORE
from apps.transfer.problems import file_sentence, sentence
from apps.transfer.reading.errors import FileIsNotPossible
from apps.transfer.reading.limits import MOST_ROWS
from apps.transfer.template_files import template_pieces
from apps.transfer.verdicts import Verdict

from .exporting import TYPES

MEGABYTE = 1024 * 1024

import_or_404 = Door(lambda reader: Import.objects.select_related("student", "uploaded_by"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_begin(request: UserRequest, student: UUID) -> HttpResponse:
    """Choose a file. What was brought before stands below."""
    head = head_or_404(request.user, student, "log_practice")
    if request.method != "POST" and not head.student.collecting:
        return nothing_is_kept(request, head)
    sent = request.method == "POST"
    form = UploadForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid() and in_time(request, form):
        batch = _begun(request, form, head.student)
        if batch is not None:
            return redirect("transfer:import-columns", batch.pk)
    context = {
        "head": head,
        "form": form,
        "imports": queries.imports_of(request.user, head.student),
        "styles": [importer.name for importer in BY_KEY.values() if importer is not TABLE],
        "most": {"rows": MOST_ROWS, "megabytes": settings.IMPORT_MOST_BYTES // MEGABYTE},
    }
    return render(request, "transfer/import_begin.html", context)


def _begun(request: UserRequest, form: UploadForm, student: Any) -> Import | None:
    file = form.cleaned_data["file"]
    try:
        return services.begin_import(
            student=student, by=request.user, name=file.name, file=file, now=timezone.now()
        )
    except FileIsNotPossible as error:
        form.refuse(error)
    except services.TooManyImports:
        form.add_error(None, _("This diary has had many files today. Please go on tomorrow."))
    except CollectionIsOff:
        form.add_error(None, collection_is_off(student.name))
    return None


@login_required
@require_safe
def import_template(request: UserRequest, student: UUID, kind: str) -> HttpResponse | StreamingHttpResponse:
    """A table to fill in."""
    head = head_or_404(request.user, student, "log_practice")
    separator = separator_for(get_language() or settings.LANGUAGE_CODE)
    content = b"".join(template_pieces(kind, today=head.student.today(timezone.now()), separator=separator))
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="woodshed-template.{kind}"'
    return response


def batch_or_404(request: UserRequest, batch: UUID, action: str = "view") -> Import:
    return import_or_404(request.user, batch, action)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: UserRequest, batch: UUID) -> HttpResponse:
    """What each column means; guessed, and the person's to change."""
    found = batch_or_404(request, batch, "change")
    if found.state not in BEFORE:
        return redirect("transfer:import-show", found.pk)
    initial = {**found.options, "mapping": found.mapping}
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        head=head_or_404(request.user, found.student_id, "log_practice"),
        samples=found.samples,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid() and in_time(request, form) and _chosen(found, form):
        return redirect("transfer:import-show", found.pk)
    importer = BY_KEY.get(found.importer, TABLE)
    context = {"batch": found, "form": form, "importer": None if importer is TABLE else importer.name}
    return render(request, "transfer/import_columns.html", context)


def _chosen(batch: Import, form: ColumnsForm) -> bool:
    """Ask for the file to be looked through; small ones are, at once."""
    options = form.options
    try:
        if not options["order"]:
            evidence = services.order_evidence(batch, form.mapping["date"])
            options["order"] = evidence.order or BY_KEY.get(batch.importer, TABLE).order or ""
            if evidence.must_ask and not options["order"]:
                form.ask_order()
                return False
        asked = services.ask_check(batch=batch, mapping=form.mapping, options=options)
    except (services.FileIsGone, FileIsNotPossible) as error:
        form.add_error(None, file_sentence(type(error).__name__, settings.IMPORT_MOST_BYTES))
        return False
    except services.NotNow:
        return True
    services.run_now(batch=asked, clock=timezone.now)
    return True


@login_required
@require_safe
def import_show(request: UserRequest, batch: UUID) -> HttpResponse:
    """How far it is; once it is looked through, what would become of each row."""
    found = batch_or_404(request, batch)
    if found.state == ImportState.UPLOADED:
        return redirect("transfer:import-columns", found.pk)
    verdict = request.GET.get("verdict", "")
    page = queries.row_page(found, verdict, request.GET.get("after", ""))
    sessions = queries.sessions_of(request.user, found, page.rows)
    path = reverse("transfer:import-show", args=[found.pk])
    kept = f"verdict={verdict}&" if verdict in set(Verdict) else ""
    context = {
        "batch": found,
        "student": found.student,
        "path": path,
        "rows": [_shown(row, found, sessions.get(row.number)) for row in page.rows],
        "page": page,
        "next_url": f"{path}?{kept}after={page.next}" if page.next else None,
        "first_url": None if page.is_first else f"{path}?{kept}".rstrip("?&"),
        "verdict": verdict,
        "counts": [(each.value, found.counts.get(each.value, 0)) for each in Verdict],
        "readers": _readers(request, found) if found.state == ImportState.CHECKED else [],
        "kept": _kept(found) if found.state == ImportState.UNDONE else [],
        "why": file_sentence(found.last_error, settings.IMPORT_MOST_BYTES) if found.last_error else "",
    }
    return render(request, "transfer/import_show.html", context)


def _readers(request: UserRequest, batch: Import) -> list[str]:
    """Of what is shared; the family alone knows them all."""
    head = find_head(request.user, batch.student_id, "view")
    return head.readers(request.user) if head is not None and head.is_family else []


def _kept(batch: Import) -> list[dict[str, Any]]:
    return [
        {"number": row.number, "url": reverse("practice:entry-detail", args=[batch.key_of(row.number)])}
        for row in queries.kept_rows(batch)
    ]


def _shown(row: ImportRow, batch: Import, session: PracticeEntry | None) -> dict[str, Any]:
    return {
        "number": row.number,
        "verdict": row.verdict,
        "what": queries.what_became(session) if session else queries.what_of(row.content),
        "url": reverse("practice:entry-detail", args=[session.pk]) if session else None,
        "problems": [sentence(code, values, batch.student.name) for code, values in row.problems],
    }


@post_only("transfer:import-show", "batch")
def import_start(request: UserRequest, batch: UUID) -> HttpResponse:
    """Let in what is right."""
    return _go_on(request, batch, services.ask_import)


@post_only("transfer:import-show", "batch")
def import_undo(request: UserRequest, batch: UUID) -> HttpResponse:
    """Take back what it brought."""
    return _go_on(request, batch, services.ask_undo)


def _go_on(request: UserRequest, batch: UUID, ask: Any) -> HttpResponse:
    found = batch_or_404(request, batch, "change")
    if writes_too_often(request):
        return slow_down(request)
    try:
        asked = ask(batch=found, by=request.user, now=timezone.now())
    except services.NotNow:
        messages.info(request, _("This import is further by now."))
    else:
        services.run_now(batch=asked, clock=timezone.now)
    return redirect("transfer:import-show", found.pk)


@post_only("transfer:import-show", "batch")
def import_drop(request: UserRequest, batch: UUID) -> HttpResponse:
    """Rather not: nothing of the file stays."""
    found = batch_or_404(request, batch, "change")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.drop_import(batch=found)
    except services.NotNow:
        messages.info(request, _("This import is further by now."))
        return redirect("transfer:import-show", found.pk)
    messages.success(request, _("Nothing was brought in, and the file is deleted."))
    return redirect("transfer:import-begin", found.student_id)
