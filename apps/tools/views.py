"""Timer, metronome, tuner and drone: one page for everybody, and the same page for a phone in flight mode."""

import json
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest
from apps.accounts.models import Student
from apps.core.access import allowed

from .kept import kept_files, kept_page

# A family has a few children; whoever may write for more finds the others on their own pages.
MOST_DIARIES = 50
LONGEST_NUMBER = 4


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "tools/index.html")


@require_safe
@login_required
def log(request: UserRequest) -> HttpResponse:
    """Lead on to the form of the diary that the timer ran for, with its minutes; nothing is saved here.

    The timer's page is the same for everybody and knows no diary, so that it may be kept without a network.
    """
    minutes = request.GET.get("minutes", "")
    is_number = minutes.isdecimal() and len(minutes) <= LONGEST_NUMBER
    query = f"?{urlencode({'minutes': minutes})}" if is_number else ""
    diaries = list(
        allowed(Student.objects.all(), "log_practice", request.user).order_by("name")[:MOST_DIARIES]
    )
    if not diaries:
        messages.info(request, _("There is no diary that you may write in, so nothing was written down."))
        return redirect("home:index")
    if len(diaries) == 1:
        return redirect(reverse("practice:entry-log", args=[diaries[0].pk]) + query)
    return render(request, "tools/log.html", {"diaries": diaries, "query": query})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser keeps: drawn for nobody, whoever asks. The language is a part of the address."""
    with translation.override(_language(request)):
        return HttpResponse(render_to_string("tools/offline.html", {}, request=HttpRequest()))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: the names of what it keeps, then the script that keeps it.

    It stands here and not among the static files because a worker rules over the addresses below its own.
    Browsers ask for it past their cache.
    """
    kept = json.dumps({"page": kept_page(_language(request)), "files": kept_files()})
    script = f"self.KEPT = {kept};\nimportScripts({json.dumps(static('js/tools/offline.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def _language(request: HttpRequest) -> str:
    """Of the page that asked, by its address: a worker's own requests need not say who reads."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language()
