"""Notes and links: written under a piece or a skill, taken back, reported."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.repertoire import services
from apps.repertoire.forms import NoteForm
from apps.repertoire.models import Note, Piece, Skill
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from . import pieces, skills
from .doors import is_done, piece_or_404, skill_or_404

note_or_404 = Door(lambda reader: Note.objects.select_related("piece", "skill", "author"))


@post_only("repertoire:piece-detail", "piece")
def piece_note_add(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece, "change")
    form = pieces.note_form(request, found)
    if _written(request, found, form):
        return redirect(address_of(found))
    return render(request, "repertoire/piece_detail.html", pieces.detail_context(request, found, form))


@post_only("repertoire:skill-detail", "skill")
def skill_note_add(request: UserRequest, skill: UUID) -> HttpResponse:
    found = skill_or_404(request.user, skill, "change")
    form = skills.note_form(request, found)
    if _written(request, found, form):
        return redirect(address_of(found))
    return render(request, "repertoire/skill_detail.html", skills.detail_context(request, found, form))


def address_of(about: Piece | Skill) -> str:
    name = "piece" if isinstance(about, Piece) else "skill"
    return reverse(f"repertoire:{name}-detail", args=[about.pk]) + "#notes"


def _written(request: UserRequest, about: Piece | Skill, form: NoteForm) -> bool:
    if not form.is_valid() or not in_time(request, form):
        return False

    def write() -> None:
        services.add_note(
            key=form.cleaned_data["key"],
            about=about,
            by=request.user,
            content=form.content(),
            now=timezone.now(),
        )

    if not is_done(form, write, about.student, request.user):
        return False
    messages.success(request, _("Saved."))
    return True


def _about(note: Note) -> Piece | Skill:
    found = note.piece or note.skill
    assert found is not None  # noqa: S101  (a constraint of the table)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_delete(request: UserRequest, note: UUID) -> HttpResponse:
    found = note_or_404(request.user, note, "delete")
    back_url = address_of(_about(found))
    if request.method != "POST":
        context = {"words": found.body or found.link, "back_url": back_url}
        return render(request, "repertoire/note_delete.html", context)
    if writes_too_often(request):
        return slow_down(request)
    # Twice is as good as once.
    with contextlib.suppress(services.GoneMeanwhile):
        services.delete_note(note=found, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect(back_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_report(request: UserRequest, note: UUID) -> HttpResponse:
    """Whoever can read it may tell the safeguarding team."""
    found = note_or_404(request.user, note, "view")
    name = found.author.get_full_name() if found.author else _("Somebody who left")
    item = Item(
        kind="note",
        pk=found.pk,
        student_id=found.student_id,
        author_id=found.author_id,
        text="\n".join(filter(None, [str(_about(found)), found.body, found.link])),
        title=_("What %(name)s wrote") % {"name": name},
        back_url=address_of(_about(found)),
    )
    return report_page(request, item)
