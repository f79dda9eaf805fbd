"""Pages for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The public front page; a signed-in person goes to their own first page."""
    if request.user.is_authenticated:
        return redirect("home:index")
    return render(request, "home/landing.html")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return redirect("home:landing")
