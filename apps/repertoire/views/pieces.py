"""The list of a student's pieces, and one piece."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, collection_is_off, in_time, post_only, slow_down, writes_too_often
from apps.accounts.services import CollectionIsOff
from apps.repertoire import queries, services
from apps.repertoire.above import parts_for
from apps.repertoire.forms import NoteForm, PieceAddForm, PieceEditForm, StatusForm
from apps.repertoire.models import Piece, PieceSection
from apps.repertoire.queries.lists import LONGEST_SEARCH

from .doors import is_done, piece_or_404, student_or_404


def words_of(request: HttpRequest) -> str:
    """What somebody looks for; whatever cannot stand in a row is left out."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


@login_required
@require_safe
def piece_list(request: UserRequest, student: UUID) -> HttpResponse:
    found, words = student_or_404(request.user, student), words_of(request)
    groups = queries.pieces_by_status(request.user, found, words)
    context = {"student": found, "words": words, "groups": groups}
    return render(request, "repertoire/piece_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def piece_add(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student, "keep_repertoire")
    form = PieceAddForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        data = form.cleaned_data
        more = {name: data[name] for name in ("key", "status", "words", "anyway")}

        def write() -> None:
            services.add_piece(
                student=found, by=request.user, content=form.content(), now=timezone.now(), **more
            )

        if is_done(form, write, found, request.user):
            messages.success(request, _("Saved."))
            return redirect("repertoire:piece-detail", data["key"])
    context = {"student": found, "form": form, "known": queries.suggestions(found)}
    return render(request, "repertoire/piece_add.html", context)


@login_required
@require_safe
def piece_detail(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece)
    return render(request, "repertoire/piece_detail.html", detail_context(request, found))


def detail_context(request: UserRequest, piece: Piece, form: NoteForm | None = None) -> dict[str, object]:
    """What the page needs; ``form`` is a note that came back with a mistake."""
    may = vars(piece)
    sections = sections_of(piece)
    same = queries.same_pieces(queries.other_pieces(piece), piece.title, piece.composer)
    return {
        "piece": piece,
        "student": piece.student,
        "sections": list(sections),
        "history": list(piece.status_changes.order_by("-changed_at", "-pk")),
        "notes": queries.notes_about(piece, request.user),
        "parts": parts_for(request.user, piece),
        "note_form": form or (note_form(request, piece, sections) if may["may_change"] else None),
        "status_form": StatusForm(initial={"status": piece.status}),
        "same": same[:1] if may["may_merge"] else [],
    }


def sections_of(piece: Piece) -> QuerySet[PieceSection]:
    return PieceSection.objects.kept().filter(piece=piece).as_played()


def note_form(request: UserRequest, piece: Piece, sections: QuerySet[PieceSection] | None = None) -> NoteForm:
    """Empty, or with what was sent. ``sections``: those of the piece, where they are read already."""
    readers = queries.note_readers(piece, request.user, is_family=vars(piece)["may_delete"])
    data = request.POST if request.method == "POST" else None
    return NoteForm(data, readers=readers, sections=sections_of(piece) if sections is None else sections)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def piece_edit(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece, "change")
    form = PieceEditForm(request.POST if request.method == "POST" else None, row=found)
    if form.is_valid() and in_time(request, form):

        def write() -> None:
            services.change_piece(
                piece=found,
                by=request.user,
                content=form.content(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )

        if is_done(form, write, found.student, request.user):
            messages.success(request, _("Changed."))
            return redirect("repertoire:piece-detail", found.pk)
    context = {"piece": found, "form": form, "known": queries.suggestions(found.student)}
    return render(request, "repertoire/piece_edit.html", context)


@post_only("repertoire:piece-detail", "piece")
def piece_status(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece, "change")
    if writes_too_often(request):
        return slow_down(request)
    form = StatusForm(request.POST)
    try:
        if form.is_valid():
            services.set_status(piece=found, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Changed."))
        else:
            messages.error(request, _("Choose how far the piece is."))
    except services.GoneMeanwhile:
        messages.info(request, _("This piece was deleted or merged meanwhile."))
        return redirect("repertoire:piece-list", found.student_id)
    except CollectionIsOff:
        messages.error(request, collection_is_off(found.student.name))
    return redirect("repertoire:piece-detail", found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def piece_delete(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece, "delete")
    if request.method != "POST":
        return render(request, "repertoire/piece_delete.html", {"piece": found})
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.delete_piece(piece=found, by=request.user, now=timezone.now())
    except services.GoneMeanwhile:
        messages.info(request, _("This piece was deleted or merged meanwhile."))
    else:
        messages.success(request, _("Deleted."))
    return redirect("repertoire:piece-list", found.student_id)
