"""Sheet music for a piece: one file, which becomes its pages."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.adding import is_added, sent_form
from apps.accounts.http import UserRequest, in_time
from apps.consent.queries import waits_for_pictures
from apps.core.access import is_allowed
from apps.core.adding import PicturesAreNotAgreedTo
from apps.repertoire.models import Piece
from apps.scores import services
from apps.scores.forms import ScoreForm, full

from .doors import address_of, piece_or_404

# Drawing is work for seconds. Far above what somebody sends who has looked at what came of the one before.
FILES_A_MINUTE = 6


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def score_add(request: UserRequest, piece: UUID) -> HttpResponse:
    found = piece_or_404(request.user, piece, "change")
    form = sent_form(request, ScoreForm, files_a_minute=FILES_A_MINUTE)
    # With a file it was counted before anything was read.
    if form.is_valid() and (request.FILES or in_time(request, form)) and _is_added(request, found, form):
        messages.success(request, _("Saved."))
        return redirect("scores:score-show", form.cleaned_data["key"])
    # Said before somebody chooses a file; what was sent is still on the page when another one was quicker.
    is_new = request.method != "POST"
    waits = is_new and waits_for_pictures(found.student)
    context = {
        "piece": found,
        "student": found.student,
        "form": form,
        "back_url": address_of(found.pk),
        "full": full(settings.SCORES_PER_PIECE) if is_new and services.is_full(found) else "",
        "no_pictures": form.refusal(PicturesAreNotAgreedTo()) if waits else "",
        # Only for whom it opens.
        "may_decide": waits and is_allowed("decide_consents", request.user, found.student),
    }
    return render(request, "scores/add.html", context)


def _is_added(request: UserRequest, piece: Piece, form: ScoreForm) -> bool:
    """Or the form says why not, and keeps the words."""

    def add() -> None:
        services.add_score(
            key=form.cleaned_data["key"],
            piece=piece,
            by=request.user,
            title=form.title_given,
            pages=form.cleaned_data["sheet"],
            now=timezone.now(),
        )

    return is_added(form, add, student=piece.student, door=lambda: piece_or_404(request.user, piece.pk))
