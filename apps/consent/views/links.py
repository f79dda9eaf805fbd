"""The link in the mail: whoever holds it may look, and take back what was agreed to in their name.

The token is the key of these pages, so they do not go through ``get_allowed_or_404``; nothing is changed
by a GET, because mail scanners follow links.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import secret_link, slow_down, writes_too_often
from apps.accounts.models import Student
from apps.consent import services
from apps.consent.models import Confirmation
from apps.consent.texts import text_of
from apps.core.tokens import hash_token

GONE = 410


def find(token: str) -> Confirmation:
    """By hash; raises Http404 for a link that never was."""
    found = Confirmation.objects.select_related("event__by")
    return get_object_or_404(found, token_hash=hash_token(token))


@secret_link
@require_safe
def confirmation_show(request: HttpRequest, token: str) -> HttpResponse:
    """What the link takes back. Once it cannot any more, its page names nobody."""
    confirmation = find(token)
    event = confirmation.event
    is_open = services.stands(confirmation, timezone.now())
    name = Student.objects.get(pk=event.student_id).get_short_name() if is_open else ""
    context = {
        "token": token,
        "event": event,
        "text": text_of(event.purpose, event.text_version),
        "is_open": is_open,
        "is_used": confirmation.used_at is not None,
        "name": name,
    }
    return render(request, "consent/confirmation_show.html", context, status=200 if is_open else GONE)


@secret_link
@require_POST
def confirmation_revoke(request: HttpRequest, token: str) -> HttpResponse:
    confirmation = find(token)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.revoke_by_link(confirmation=confirmation, now=timezone.now())
    except services.LinkIsOver:
        return redirect("consent:confirmation-show", token)
    messages.success(request, _("It is taken back."))
    return redirect("consent:confirmation-show", token)
