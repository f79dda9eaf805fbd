"""A person's photo: showing it to who may know the person, and removing it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts import services
from apps.accounts.http import UserRequest, post_only, slow_down, writes_too_often
from apps.accounts.models import User
from apps.accounts.models.users import avatar_path
from apps.core.access import get_allowed_or_404
from apps.core.shown_files import picture_answer


@login_required
@require_safe
def avatar_show(request: UserRequest, person: UUID, picture: UUID) -> HttpResponse:
    path = avatar_path(picture)
    shown = User.objects.filter(Q(avatar=path) | Q(avatar_small=path))
    get_allowed_or_404(shown, "see_face", request.user, pk=person)
    return picture_answer(request, path, key=picture)


@post_only("accounts:settings")
def avatar_remove(request: UserRequest) -> HttpResponse:
    if writes_too_often(request):
        return slow_down(request)
    services.remove_avatar(user=request.user, by=request.user, now=timezone.now())
    messages.success(request, _("Your photo is removed."))
    return redirect("accounts:settings")
