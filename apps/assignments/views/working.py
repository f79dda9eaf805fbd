"""What was done for a step, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.http import (
    UserRequest,
    collection_is_off,
    in_time,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.assignments import services
from apps.assignments.forms import WorkForm
from apps.assignments.models import AssignmentCompletion, Step
from apps.repertoire.services import NotPossible

from .doors import assignment_or_404
from .reading import detail_page

completion_or_404 = Door(lambda reader: AssignmentCompletion.objects.select_related("step"))


@post_only("assignments:assignment-detail", "assignment")
def step_work(request: UserRequest, assignment: UUID, step: UUID) -> HttpResponse:
    """A step that is gone meanwhile is as good as an assignment that nobody knows."""
    found = assignment_or_404(request.user, assignment, "work")
    now_at = next((each for each in found.steps if each.pk == step), None)
    if now_at is None:
        return redirect("assignments:assignment-detail", assignment)
    form = WorkForm(request.POST, step=now_at)
    if form.is_valid() and in_time(request, form):
        row = Step.objects.select_related("assignment__teaching").get(pk=step)
        try:
            services.work_on(
                key=form.cleaned_data["key"],
                step=row,
                by=request.user,
                content=form.content(),
                now=timezone.now(),
            )
        except NotPossible as error:
            form.refuse(error)
        except CollectionIsOff:
            form.add_error(None, collection_is_off(found.row.teaching.student.name))
        else:
            messages.success(request, _("Noted."))
            return redirect("assignments:assignment-detail", assignment)
    return detail_page(request, found, form)


@post_only("home:index")
def completion_remove(request: UserRequest, completion: UUID) -> HttpResponse:
    found = completion_or_404(request.user, completion, "take_back")
    if writes_too_often(request):
        return slow_down(request)
    services.take_back(completion=found, by=request.user)
    messages.success(request, _("Taken back."))
    return redirect("assignments:assignment-detail", found.step.assignment_id)
