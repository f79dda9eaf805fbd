"""Where a person is signed in, and ending it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.accounts import queries, services
from apps.accounts.http import UserRequest, post_only, slow_down, writes_too_often
from apps.accounts.models import UserSession
from apps.accounts.own_lines import Section, lines_of
from apps.accounts.prepared import Door

session_or_404 = Door(lambda reader: UserSession.objects.all())


@login_required
@require_safe
def session_list(request: UserRequest) -> HttpResponse:
    now = timezone.now()
    here = request.session.session_key
    rows = queries.own_sessions(request.user, now)
    others = [row for row in rows if row.session_id != here]
    mine = [row for row in rows if row.session_id == here]
    context = {
        "mine": mine,
        "others": others,
        "today": timezone.localdate(now),
        "children": lines_of(Section.CHILDREN, request.user, now),
    }
    return render(request, "accounts/session_list.html", context)


@post_only("accounts:session-list")
def session_end(request: UserRequest, session: UUID) -> HttpResponse:
    """Ending the session of this browser is signing out."""
    row = session_or_404(request.user, session, "end")
    if writes_too_often(request):
        return slow_down(request)
    services.end_session(session=row, by=request.user, now=timezone.now())
    if row.session_id == request.session.session_key:
        logout(request)
        return redirect("home:landing")
    messages.success(request, _("Signed out there."))
    return redirect("accounts:session-list")


@post_only("accounts:session-list")
def session_end_others(request: UserRequest) -> HttpResponse:
    if writes_too_often(request):
        return slow_down(request)
    ended = services.end_other_sessions(
        user=request.user, but=request.session.session_key, now=timezone.now()
    )
    words = ngettext("Signed out in %(count)d other place.", "Signed out in %(count)d other places.", ended)
    messages.success(request, words % {"count": ended} if ended else _("You are signed in nowhere else."))
    return redirect("accounts:session-list")
