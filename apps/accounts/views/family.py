"""Leaving a family, and objecting to who joined it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import queries, services
from apps.accounts.family_forms import ObjectionForm
from apps.accounts.http import UserRequest, in_time, slow_down, writes_too_often
from apps.accounts.models import Guardianship
from apps.accounts.prepared import Door

guardianship_or_404 = Door(lambda reader: Guardianship.objects.select_related("student", "guardian"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guardianship_leave(request: UserRequest, guardianship: UUID) -> HttpResponse:
    """Asks first. Where nobody may leave, the page says what to do instead."""
    row = guardianship_or_404(request.user, guardianship, "leave")
    if request.method == "POST":
        if writes_too_often(request):
            return slow_down(request)
        try:
            services.leave_family(guardianship=row, now=timezone.now())
        except (services.LastGuardian, services.FamilyIsLocked):
            messages.error(request, _("Nothing has changed. Please read why."))
        else:
            messages.success(request, _("You have left."))
            return redirect("home:index")
    context = {
        "guardianship": row,
        "student": row.student,
        "is_locked": queries.is_locked(row.student),
        "is_last": not queries.other_guardians(row).exists(),
    }
    return render(request, "accounts/guardianship_leave.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guardianship_object(request: UserRequest, guardianship: UUID) -> HttpResponse:
    row = guardianship_or_404(request.user, guardianship, "object")
    # A bare button: the words are optional, so an empty form is a whole one.
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        try:
            services.object_to_guardian(
                guardianship=row, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except (services.FamilyIsLocked, services.LastGuardian, services.TooLateToObject):
            form.add_error(None, _("This cannot be done any more. Please ask who runs this Woodshed."))
        else:
            messages.success(request, _("They see nothing for now. You will get a mail when it is decided."))
            return redirect("private_teaching:student-people", row.student_id)
    context = {"form": form, "guardianship": row, "student": row.student, "days": settings.OBJECTION_DAYS}
    return render(request, "accounts/guardianship_object.html", context)
