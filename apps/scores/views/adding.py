"""Sheet music for a piece: one file, which becomes its pages."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, collection_is_off, in_time, say_too_often, writes_too_often
from apps.accounts.services import CollectionIsOff
from apps.core.kept_files import FileIsNotKept
from apps.repertoire.models import Piece
from apps.scores import services
from apps.scores.forms import ScoreForm

from .doors import address_of, piece_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def score_add(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece, "change")
    form = _form(request)
    # With a file it was counted before anything was read.
    if form.is_valid() and (request.FILES or in_time(request, form)) and _is_added(request, found, form):
        messages.success(request, _("Saved."))
        return redirect("scores:score-show", form.cleaned_data["key"])
    context = {"piece": found, "student": found.student, "form": form, "back_url": address_of(found.pk)}
    return render(request, "scores/add.html", context)


def _form(request: UserRequest) -> ScoreForm:
    """Drawing pages is work that somebody else orders: what comes too often is not even looked at."""
    if request.method != "POST":
        return ScoreForm()
    is_too_often = bool(request.FILES) and writes_too_often(request)
    form = ScoreForm(request.POST, None if is_too_often else request.FILES)
    if is_too_often:
        say_too_often(form)
    return form


def _is_added(request: UserRequest, piece: Piece, form: ScoreForm) -> bool:
    """Or the form says why not, and keeps the words."""
    try:
        services.add_score(
            key=form.cleaned_data["key"],
            piece=piece,
            by=request.user,
            title=form.title_given,
            pages=form.cleaned_data["sheet"],
            now=timezone.now(),
        )
    except services.NotPossible as error:
        # Not for somebody who has lost the whole diary meanwhile: the page would name the student.
        piece_or_404(request.user, piece.pk)
        form.refuse(error)
    except FileIsNotKept:
        form.add_error("sheet", _("The file could not be kept just now. Please try again later."))
    except CollectionIsOff:
        form.add_error(None, collection_is_off(piece.student.name))
    else:
        return True
    return False
