"""What would you like to do: teach, practise, or join somebody who invited you?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, in_time
from apps.accounts.services import StudentHasALogin, create_own_student
from apps.home.forms import OwnStudentForm
from apps.home.queries.start import start_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: UserRequest) -> HttpResponse:
    """The choice; a POST starts the person's own diary, unless they are a child."""
    now = timezone.now()
    form = OwnStudentForm(request.POST or None, initial={"name": request.user.display_name})
    is_child = form.is_valid() and form.is_child
    if form.is_valid() and not is_child and in_time(request, form):
        try:
            create_own_student(user=request.user, now=now, **form.cleaned_data)
        except StudentHasALogin:
            # The form was sent twice, or from an old page: the diary is there.
            return redirect("home:student")
        return redirect("home:student")
    page = start_page(request.user, now=now)
    return render(request, "home/start.html", {"page": page, "form": form, "is_child": is_child})
