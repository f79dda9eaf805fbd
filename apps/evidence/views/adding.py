"""A link, a note or a picture for an entry, a skill or a lesson: one page, three forms to choose from."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.adding import is_added, sent_form
from apps.accounts.http import UserRequest, in_time
from apps.accounts.models import User
from apps.consent.queries import waits_for_pictures
from apps.core.access import is_allowed
from apps.core.adding import PicturesAreNotAgreedTo
from apps.evidence import services
from apps.evidence.forms import FORMS, EvidenceForm
from apps.evidence.models import OF_LESSON, About, Kind, student_of
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill

from .doors import address_of, entry_or_404, lesson_or_404, skill_or_404

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_add(request: UserRequest, entry: UUID) -> HttpResponse:
    return _add_page(request, entry_or_404(request.user, entry, "attach_evidence"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def skill_add(request: UserRequest, skill: UUID) -> HttpResponse:
    return _add_page(request, skill_or_404(request.user, skill, "attach_evidence"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_add(request: UserRequest, lesson: UUID) -> HttpResponse:
    return _add_page(request, lesson_or_404(request.user, lesson, "attach_evidence"))


def _add_page(request: UserRequest, about: About) -> HttpResponse:
    form, student = _form(request, about), student_of(about)
    # With a file it was counted before anything was read.
    if form.is_valid() and (request.FILES or in_time(request, form)) and _is_added(request, about, form):
        messages.success(request, _("Saved."))
        return redirect(address_of(about))
    count, most = services.room_on(about)
    waits = form.kind == Kind.SCREENSHOT and request.method != "POST" and waits_for_pictures(student)
    context = {
        "about": about,
        "student": student,
        "is_family": vars(about).get("is_family", False),
        "entry": about if isinstance(about, PracticeEntry) else None,
        "form": form,
        "lesson": about if isinstance(about, Lesson) else None,
        "kinds": _kinds(about),
        "back_url": address_of(about),
        # What was typed is still on the page when another one took the last place.
        "is_full": count >= most and request.method != "POST",
        "most": most,
        # Said before somebody chooses one.
        "no_pictures": form.refusal(PicturesAreNotAgreedTo()) if waits else "",
        # Only for whom it opens: a child is told whom to ask.
        "may_decide": waits and is_allowed("decide_consents", request.user, student),
    }
    return render(request, "evidence/add.html", context)


def _kinds(about: About) -> "list[tuple[str, str | _StrPromise]]":
    return list(OF_LESSON if isinstance(about, Lesson) else Kind.choices)


def _form(request: UserRequest, about: About) -> EvidenceForm:
    kinds = [kind for kind, _name in _kinds(about)]
    asked = request.GET.get("kind", "")
    usual = Kind.LINK if isinstance(about, Lesson) else Kind.NOTE
    return sent_form(request, FORMS[asked if asked in kinds else usual])


def _is_added(request: UserRequest, about: About, form: EvidenceForm) -> bool:
    """Or the form says why not, and keeps the words."""

    def add() -> None:
        services.add_evidence(
            key=form.cleaned_data["key"],
            about=about,
            by=request.user,
            content=form.content(),
            now=timezone.now(),
        )

    doors: dict[type[Any], Callable[[User, UUID], Any]] = {
        PracticeEntry: entry_or_404,
        Skill: skill_or_404,
        Lesson: lesson_or_404,
    }
    door = doors[type(about)]
    return is_added(form, add, student=student_of(about), door=lambda: door(request.user, about.pk))
