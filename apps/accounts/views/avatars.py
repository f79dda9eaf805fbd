"""A person's photo: showing it to who may know the person, and removing it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from apps.accounts import services
from apps.accounts.http import UserRequest, post_only, slow_down, writes_too_often
from apps.accounts.models import User
from apps.accounts.models.users import avatar_path
from apps.core.access import get_allowed_or_404

# The browser may keep it and must ask each time, so that whoever uses it next, and may not see it, does not.
CACHED = "private, no-cache"


def key_of(request: HttpRequest, person: UUID, picture: UUID) -> str:
    """What is behind an address never changes; a new photo has a new one."""
    return f'"{picture}"'


@login_required
@require_safe
def avatar_show(request: UserRequest, person: UUID, picture: UUID) -> HttpResponse:
    path = avatar_path(picture)
    shown = User.objects.filter(Q(avatar=path) | Q(avatar_small=path))
    get_allowed_or_404(shown, "see_face", request.user, pk=person)
    response = photo_in(request, person, picture)
    # Also where the browser's own is still right: what is said there holds for what it keeps.
    response.headers["Cache-Control"] = CACHED
    return response


@condition(etag_func=key_of)
def photo_in(request: HttpRequest, person: UUID, picture: UUID) -> HttpResponse:
    """The file, or that the browser's own is still right. Called behind the door."""
    path = avatar_path(picture)
    try:
        with default_storage.open(path) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/webp")


@post_only("accounts:settings")
def avatar_remove(request: UserRequest) -> HttpResponse:
    if writes_too_often(request):
        return slow_down(request)
    services.remove_avatar(user=request.user, by=request.user, now=timezone.now())
    messages.success(request, _("Your photo is removed."))
    return redirect("accounts:settings")
