"""Filters that somebody keeps under a name: saved, renamed, deleted."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, collection_is_off, in_time, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.core.addresses import next_address
from apps.practice import queries
from apps.practice.filter_forms import FilterNameForm
from apps.practice.models import SavedFilter
from apps.practice.services import filters as services

from .filtering import Asked, asked_of, filtered_head

saved_or_404 = Door(lambda reader: SavedFilter.objects.select_related("student", "user"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def filter_add(request: UserRequest, student: UUID) -> HttpResponse:
    """What is saved stands in the address; a name for it is all that is asked."""
    head = filtered_head(request, student)
    asked = asked_of(request, head, "practice:filter-add")
    if asked.elsewhere:
        return asked.elsewhere
    form = FilterNameForm(request.POST if request.method == "POST" else None)
    query = asked.filters.address()
    back_url = f"{reverse('practice:entry-list', args=[student])}?{query}"
    if query and form.is_valid() and in_time(request, form) and _saved(request, form, asked, query):
        messages.success(request, _("Saved."))
        return redirect(back_url)
    context = {
        "head": head,
        "form": form,
        "chips": queries.chips(asked.filters, asked.choices),
        "back_url": back_url,
    }
    return render(request, "practice/filter_add.html", context)


def _saved(request: UserRequest, form: FilterNameForm, asked: Asked, query: str) -> bool:
    data = form.cleaned_data
    try:
        with transaction.atomic():
            services.save_filter(
                user=request.user, student=asked.head.student, query=query, now=timezone.now(), **data
            )
    except services.FilterIsNotPossible as error:
        form.refuse(error)
    except CollectionIsOff:
        form.add_error(None, collection_is_off(asked.head.student.name))
    except IntegrityError:
        # The form's key is somebody else's.
        form.begin_anew(_("This form was used before. Please press Save again."))
    else:
        return True
    return False


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def filter_edit(request: UserRequest, saved: UUID) -> HttpResponse:
    """Another name, or away with it."""
    try:
        found = saved_or_404(request.user, saved, "change")
    except Http404:
        # Its page says where it was; whether there ever was one is not told.
        back_url = next_address(request, "") if request.method == "POST" else ""
        if not back_url:
            raise
        return _gone(request, back_url)
    back_url = f"{reverse('practice:entry-list', args=[found.student_id])}?{found.query}"
    try:
        if "remove" in request.POST:
            return _removed(request, found, back_url)
        form = FilterNameForm(request.POST if request.method == "POST" else None, name=found.name)
        if form.is_valid() and in_time(request, form) and _renamed(form, found):
            messages.success(request, _("Saved."))
            return redirect(back_url)
    except services.FilterIsGone:
        return _gone(request, back_url)
    context = {"saved": found, "student": found.student, "form": form, "back_url": back_url}
    return render(request, "practice/filter_edit.html", context)


def _gone(request: UserRequest, back_url: str) -> HttpResponse:
    messages.info(request, _("This saved filter was deleted meanwhile."))
    return redirect(back_url)


def _removed(request: UserRequest, found: SavedFilter, back_url: str) -> HttpResponse:
    if writes_too_often(request):
        return slow_down(request)
    services.delete_filter(saved=found)
    messages.success(request, _("Deleted."))
    return redirect(back_url)


def _renamed(form: FilterNameForm, found: SavedFilter) -> bool:
    try:
        services.rename_filter(saved=found, name=form.cleaned_data["name"])
    except services.NameIsUsed as error:
        form.refuse(error)
    except CollectionIsOff:
        form.add_error(None, collection_is_off(found.student.name))
    else:
        return True
    return False
