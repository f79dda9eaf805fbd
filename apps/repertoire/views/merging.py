"""Making one piece of two."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, in_time
from apps.repertoire import queries, services
from apps.repertoire.forms import MergeForm
from apps.repertoire.models import Piece

from .doors import piece_or_404, student_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def piece_merge(request: UserRequest, piece: UUID) -> HttpResponse:
    """This one stays; the other is chosen here, and is one of the same student."""
    found = piece_or_404(request.user, piece, "merge")
    others = queries.other_pieces(found)
    same = queries.same_pieces(others, found.title, found.composer)
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, others=others, likely=same[0].pk if same else None)
    if form.is_valid() and in_time(request, form) and _merged(request, found, form):
        messages.success(request, _("The two are one piece now."))
        return redirect("repertoire:piece-detail", found.pk)
    context = {"piece": found, "form": form, "has_others": bool(same) or others.exists()}
    return render(request, "repertoire/piece_merge.html", context)


def _merged(request: UserRequest, piece: Piece, form: MergeForm) -> bool:
    other = form.cleaned_data["other"]
    try:
        services.merge_pieces(into=piece, other=other, by=request.user, now=timezone.now())
    except services.GoneMeanwhile:
        student_or_404(request.user, piece.student_id)
        form.add_error(
            None,
            _(
                "Somebody merged or deleted one of the two at the same moment. Nothing is lost, and "
                "nothing was done twice. Have a look at the list of pieces."
            ),
        )
        return False
    return True
