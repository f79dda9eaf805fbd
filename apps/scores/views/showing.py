"""Sheet music on the stand: one page at a time, taking it away, telling of it."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.core.adding import GoneMeanwhile
from apps.core.shown_files import picture_answer
from apps.safeguarding.items import SCORE, Item
from apps.safeguarding.views import report_page
from apps.scores import queries, services
from apps.scores.models import ScorePage

from .doors import address_of, score_or_404

page_or_404 = Door(lambda reader: ScorePage.objects.all())


@login_required
@require_safe
def score_show(request: UserRequest, score: UUID) -> HttpResponse:
    found = score_or_404(request.user, score)
    leaf = queries.leaf_of(found, request.GET.get("page", ""))
    context = {
        "score": found,
        "piece": found.piece,
        "leaf": leaf,
        "back_url": address_of(found.piece_id),
    }
    return render(request, "scores/show.html", context)


@login_required
@require_safe
def page_show(request: UserRequest, leaf: UUID) -> HttpResponse:
    """The file of one page, for whoever may see it at this moment."""
    found = page_or_404(request.user, leaf, "view")
    return picture_answer(request, found.picture, key=found.pk, called=f"woodshed-{found.number}.webp")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def score_delete(request: UserRequest, score: UUID) -> HttpResponse:
    found = score_or_404(request.user, score, "delete")
    back_url = address_of(found.piece_id)
    if request.method != "POST":
        return render(request, "components/delete.html", {"words": found.title, "back_url": back_url})
    if writes_too_often(request):
        return slow_down(request)
    # Twice is as good as once.
    with contextlib.suppress(GoneMeanwhile):
        services.delete_score(score=found, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect(back_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def score_report(request: UserRequest, score: UUID) -> HttpResponse:
    """Whoever sees it may tell the safeguarding team, which then sees the pages too."""
    found = score_or_404(request.user, score)
    pages = found.pages.order_by("number").values_list("picture", flat=True)
    item = Item(
        kind=SCORE,
        pk=found.pk,
        student_id=found.student_id,
        author_id=found.added_by_id,
        # A file has its line to itself, and nobody's words can look like one.
        text="\n".join([*pages, f"“{found.title}”"]),
        title=_("Sheet music: %(title)s") % {"title": found.title},
        back_url=address_of(found.piece_id),
    )
    return report_page(request, item)
