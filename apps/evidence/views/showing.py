"""Evidence that is there: of a skill through its sessions, a picture, taking it away, telling of it."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, slow_down, writes_too_often
from apps.core.adding import GoneMeanwhile
from apps.core.shown_files import picture_answer
from apps.core.templatetags.ui import day
from apps.evidence import queries, services
from apps.evidence.models import Evidence, Kind
from apps.safeguarding.items import PICTURE, Item
from apps.safeguarding.views import report_page

from .doors import address_of, evidence_or_404, skill_or_404


@login_required
@require_safe
def skill_list(request: UserRequest, skill: UUID) -> HttpResponse:
    """All of it, by its sessions; what stands on the skill itself comes with the latest ones."""
    found = skill_or_404(request.user, skill)
    sessions = queries.sessions_of_skill(request.user, found, request.GET.get("page"))
    context = {
        "skill": found,
        "student": found.student,
        "own": [] if sessions.later else queries.evidence_of_skill(request.user, found),
        "sessions": sessions,
    }
    return render(request, "evidence/skill_list.html", context)


@login_required
@require_safe
def picture_show(request: UserRequest, evidence: UUID) -> HttpResponse:
    """The file itself, for whoever may see it at this moment."""
    found = evidence_or_404(request.user, evidence)
    if found.kind != Kind.SCREENSHOT:
        raise Http404
    called = f"woodshed-{found.created_at:%Y-%m-%d}.webp"
    return picture_answer(request, found.picture, key=found.pk, called=called)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_delete(request: UserRequest, evidence: UUID) -> HttpResponse:
    found = evidence_or_404(request.user, evidence, "delete")
    back_url = address_of(found.about)
    if request.method != "POST":
        words = found.link or found.file_name or found.body
        return render(request, "components/delete.html", {"words": words, "back_url": back_url})
    if writes_too_often(request):
        return slow_down(request)
    # Twice is as good as once.
    with contextlib.suppress(GoneMeanwhile):
        services.delete_evidence(evidence=found, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect(back_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_report(request: UserRequest, evidence: UUID) -> HttpResponse:
    """Whoever sees it may tell the safeguarding team, which then sees a picture too."""
    found = evidence_or_404(request.user, evidence)
    is_picture = found.kind == Kind.SCREENSHOT
    name = found.added_by.get_full_name() if found.added_by else _("Somebody who left")
    item = Item(
        kind=PICTURE if is_picture else "evidence",
        pk=found.pk,
        student_id=found.student_id,
        author_id=found.added_by_id,
        text=_reported(found),
        title=_("What %(name)s added on %(day)s") % {"name": name, "day": day(found.created_at)},
        back_url=address_of(found.about),
    )
    return report_page(request, item)


def _reported(found: Evidence) -> str:
    """What the team reads. Of a picture, its file's line first and alone; nobody's words can look like it."""
    if found.kind == Kind.SCREENSHOT:
        words = [f"“{said}”" for said in (found.body, found.file_name) if said]
        return "\n".join([found.picture, *words])
    return "\n".join(filter(None, [found.body, found.link]))
