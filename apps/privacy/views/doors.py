"""What a closed door says."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def guardians_decide(request: HttpRequest) -> HttpResponse:
    """For a minor with guardians: no copy and no leaving without them, and whom to ask."""
    return render(request, "privacy/guardians_decide.html", status=403)
