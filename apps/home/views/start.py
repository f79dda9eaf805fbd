"""What would you like to do: teach, practise, or join somebody who invited you?"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import ages
from apps.accounts.http import UserRequest, in_time
from apps.accounts.models import Student
from apps.accounts.services import (
    AgeNotAllowed,
    NotGrownUp,
    StudentHasALogin,
    create_family_child,
    create_own_student,
)
from apps.home.forms import ChildForm, OwnStudentForm
from apps.home.queries.start import start_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: UserRequest) -> HttpResponse:
    """The choice; a POST starts the person's own diary, if they are old enough to agree to it."""
    now, user = timezone.now(), request.user
    initial = {"name": user.display_name}
    form = OwnStudentForm(request.POST or None, initial=initial, time_zone=user.time_zone)
    if ages.was_refused(request, user):
        return page(request, form, is_too_young=True)
    if form.is_valid() and in_time(request, form):
        try:
            create_own_student(user=user, now=now, **form.cleaned_data)
        except AgeNotAllowed:
            return ages.refuse(page(request, form, is_too_young=True), user)
        except StudentHasALogin:
            # The form was sent twice, or from an old page: the diary is there.
            pass
        return redirect("home:student")
    return page(request, form)


def page(request: UserRequest, form: OwnStudentForm, *, is_too_young: bool = False) -> HttpResponse:
    context = {
        "page": start_page(request.user, now=timezone.now()),
        "form": form,
        "is_too_young": is_too_young,
    }
    return render(request, "home/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def child_create(request: UserRequest) -> HttpResponse:
    """Whoever looks after a child begins the child's diary with a name and no more."""
    form = ChildForm(request.POST or None)
    if form.is_valid() and in_time(request, form):
        try:
            with transaction.atomic():
                child = create_family_child(guardian=request.user, now=timezone.now(), **form.cleaned_data)
        except NotGrownUp:
            return render(request, "home/child_not_grown_up.html", status=403)
        except IntegrityError:
            # A second press of the same button, or a key that is not this person's to know of.
            mine = Student.objects.guarded_by(request.user).filter(pk=form.cleaned_data["key"]).first()
            again = ("private_teaching:student-people", mine.pk) if mine else ("home:child-create",)
            return redirect(*again)
        messages.success(request, _("The diary of %(name)s is ready.") % {"name": child.name})
        return redirect("private_teaching:student-people", child.pk)
    return render(request, "home/child_create.html", {"form": form})
