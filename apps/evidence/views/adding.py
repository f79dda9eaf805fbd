"""A link, a note or a picture for an entry or a skill: one page, three forms to choose from."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, collection_is_off, in_time, say_too_often, writes_too_often
from apps.accounts.models import Student
from apps.accounts.services import CollectionIsOff
from apps.consent.queries import pictures_are_agreed_to
from apps.core.access import is_allowed
from apps.core.kept_files import FileIsNotKept
from apps.evidence import services
from apps.evidence.forms import FORMS, EvidenceForm, refusal
from apps.evidence.models import Kind
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill

from .doors import address_of, entry_or_404, skill_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_add(request: UserRequest, entry: UUID) -> HttpResponse:
    return _add_page(request, entry_or_404(request.user, entry, "attach_evidence"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def skill_add(request: UserRequest, skill: UUID) -> HttpResponse:
    return _add_page(request, skill_or_404(request.user, skill, "attach_evidence"))


def _add_page(request: UserRequest, about: PracticeEntry | Skill) -> HttpResponse:
    form = _form(request)
    # With a file it was counted before anything was read.
    if form.is_valid() and (request.FILES or in_time(request, form)) and _is_added(request, about, form):
        messages.success(request, _("Saved."))
        return redirect(address_of(about))
    count, most = services.room_on(about)
    no_pictures = _no_pictures(form, about.student) if request.method != "POST" else ""
    context = {
        "about": about,
        "student": about.student,
        "is_family": vars(about)["is_family"],
        "entry": about if isinstance(about, PracticeEntry) else None,
        "form": form,
        "kinds": Kind.choices,
        "back_url": address_of(about),
        # What was typed is still on the page when another one took the last place.
        "is_full": count >= most and request.method != "POST",
        "most": most,
        "no_pictures": no_pictures,
        # Only for whom it opens: a child is told whom to ask.
        "may_decide": bool(no_pictures) and is_allowed("decide_consents", request.user, about.student),
    }
    return render(request, "evidence/add.html", context)


def _no_pictures(form: EvidenceForm, student: Student) -> str:
    """Why none can be added, before somebody chooses one; where nothing at all can be, that is said."""
    if form.kind != Kind.SCREENSHOT or not student.collecting or pictures_are_agreed_to(student.pk):
        return ""
    return refusal(services.PicturesAreNotAgreedTo())


def _form(request: UserRequest) -> EvidenceForm:
    """Decoding a picture is work that somebody else orders: what comes too often is not even looked at."""
    make = FORMS.get(request.GET.get("kind", ""), FORMS[Kind.NOTE])
    if request.method != "POST":
        return make()
    is_too_often = bool(request.FILES) and writes_too_often(request)
    form = make(request.POST, None if is_too_often else request.FILES)
    if is_too_often:
        say_too_often(form)
    return form


def _is_added(request: UserRequest, about: PracticeEntry | Skill, form: EvidenceForm) -> bool:
    """Or the form says why not, and keeps the words."""
    try:
        services.add_evidence(
            key=form.cleaned_data["key"],
            about=about,
            by=request.user,
            content=form.content(),
            now=timezone.now(),
        )
    except services.NotPossible as error:
        # Not for somebody who has lost the whole diary meanwhile: the page would name the student.
        door = entry_or_404 if isinstance(about, PracticeEntry) else skill_or_404
        door(request.user, about.pk)
        form.refuse(error)
    except FileIsNotKept:
        form.add_error("picture", _("The picture could not be kept just now. Please try again later."))
    except CollectionIsOff:
        form.add_error(None, collection_is_off(about.student.name))
    else:
        return True
    return False
