"""What would you like to do: teach, practise, or join somebody who invited you?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts import ages
from apps.accounts.http import UserRequest, in_time
from apps.accounts.services import AgeNotAllowed, StudentHasALogin, create_own_student
from apps.home.forms import OwnStudentForm
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
