"""Evidence that is there: of a skill through its sessions, a picture, taking it away, telling of it."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_safe

from apps.accounts.http import UserRequest, slow_down, writes_too_often
from apps.core.pictures import KEPT_TYPE
from apps.core.templatetags.ui import day
from apps.evidence import queries, services
from apps.evidence.models import Evidence, Kind
from apps.safeguarding.items import PICTURE, Item
from apps.safeguarding.views import report_page

from .doors import address_of, evidence_or_404, skill_or_404

# The browser may keep it and must ask each time, so that whoever uses it next, and may not see it, does not.
CACHED = "private, no-cache"


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


def key_of(request: HttpRequest, evidence: Evidence) -> str:
    """What is behind an address never changes."""
    return f'"{evidence.pk}"'


@login_required
@require_safe
def picture_show(request: UserRequest, evidence: UUID) -> HttpResponse:
    """The file itself, for whoever may see it at this moment."""
    found = evidence_or_404(request.user, evidence)
    if found.kind != Kind.SCREENSHOT:
        raise Http404
    response = picture_in(request, found)
    # Also where the browser's own is still right: what is said there holds for what it keeps.
    response.headers["Cache-Control"] = CACHED
    return response


@condition(etag_func=key_of)
def picture_in(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """The file, or that the browser's own is still right. Called behind the door."""
    data = queries.picture_of(evidence)
    if data is None:
        raise Http404
    name = f"woodshed-{evidence.created_at:%Y-%m-%d}.webp"
    disposition = content_disposition_header(as_attachment=False, filename=name)
    return HttpResponse(data, content_type=KEPT_TYPE, headers={"Content-Disposition": disposition})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_delete(request: UserRequest, evidence: UUID) -> HttpResponse:
    found = evidence_or_404(request.user, evidence, "delete")
    back_url = address_of(found.about)
    if request.method != "POST":
        words = found.link or found.file_name or found.body
        return render(request, "evidence/delete.html", {"words": words, "back_url": back_url})
    if writes_too_often(request):
        return slow_down(request)
    # Twice is as good as once.
    with contextlib.suppress(services.GoneMeanwhile):
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
        text="\n".join(filter(None, [found.picture, found.body, found.link, found.file_name])),
        title=_("What %(name)s added on %(day)s") % {"name": name, "day": day(found.created_at)},
        back_url=address_of(found.about),
    )
    return report_page(request, item)
