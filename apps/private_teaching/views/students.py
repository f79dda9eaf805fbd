"""A teacher's students, and who is around a student."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.models import Student
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.prepared import Door
from apps.accounts.services import is_adult, make_codes
from apps.core.access import get_allowed_or_404, is_allowed
from apps.private_teaching import queries, services
from apps.private_teaching.forms import (
    CodeSheetForm,
    HandOverForm,
    PauseForm,
    StudentCreateForm,
    TeachingForm,
)
from apps.private_teaching.models import Teaching

_with_buttons_or_404 = Door(queries.with_buttons)
teaching_or_404 = Door(lambda reader: Teaching.objects.select_related("student", "teacher"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def student_create(request: UserRequest) -> HttpResponse:
    """Whoever adds a student is their teacher; nobody who says they are under 18 is one."""
    if not is_allowed("invite_pupil", request.user, request.user):
        return render(request, "private_teaching/not_grown_up.html", status=403)
    form = StudentCreateForm(request.POST or None)
    if form.is_valid() and in_time(request, form):
        data = form.cleaned_data | {"time_zone": form.cleaned_data["time_zone"] or request.user.time_zone}
        try:
            teaching = services.add_student(teacher=request.user, now=timezone.now(), **data)
        except services.StudentAlreadyAdded as error:
            # A second press of the same button, or a key that is not this person's to know of.
            return redirect(
                *(
                    ("private_teaching:student-people", error.teaching.student_id)
                    if error.teaching
                    else ("private_teaching:student-create",)
                )
            )
        messages.success(request, _("%(name)s is on your roster.") % {"name": data["name"]})
        return redirect("private_teaching:student-people", teaching.student_id)
    return render(request, "private_teaching/student_create.html", {"form": form})


def people_page(request: UserRequest, student: UUID, form: TeachingForm) -> HttpResponse:
    """The page of a student's people; each button is there only where the rule allows it."""
    viewer, now = request.user, timezone.now()
    pupil = _with_buttons_or_404(viewer, student)
    people = queries.people_of(pupil, viewer=viewer, now=now)
    is_family = vars(pupil)["may_view_guests"]
    context = {
        "student": pupil,
        "people": people,
        "usual_minutes": settings.PRACTICE_TAUGHT_MAX_MINUTES,
        "who_sees": queries.who_sees(people, viewer=viewer),
        "is_of_age": not pupil.has_own_voice and is_adult(pupil, pupil.today(now)),
        "applications": queries.of_student(pupil, viewer=viewer, now=now) if is_family else [],
        "form": form,
    }
    return render(request, "private_teaching/student_people.html", context)


@login_required
@require_safe
def student_people(request: UserRequest, student: UUID) -> HttpResponse:
    return people_page(request, student, TeachingForm())


@post_only("private_teaching:student-people", "student")
def teaching_create(request: UserRequest, student: UUID) -> HttpResponse:
    """A second instrument of a student whom this person teaches for good."""
    pupil = student_or_404(request.user, student, "teach")
    form = TeachingForm(request.POST)
    if form.is_valid() and in_time(request, form):
        try:
            services.add_instrument(
                student=pupil, teacher=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.InstrumentAlreadyTaught:
            words = _("You teach this student this instrument already, or its lessons are paused.")
            form.add_error("instrument", words)
        else:
            messages.success(request, _("Added."))
            return redirect("private_teaching:student-people", pupil.pk)
    return people_page(request, pupil.pk, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def teaching_end(request: UserRequest, teaching: UUID) -> HttpResponse:
    row = teaching_or_404(request.user, teaching, "end")
    if request.method != "POST":
        return render(request, "private_teaching/teaching_end.html", {"teaching": row})
    if writes_too_often(request):
        return slow_down(request)
    services.end_teaching(teaching=row, by=request.user, now=timezone.now())
    # Without the name: whoever just ended it may have no right to see it any more.
    messages.success(request, _("The lessons have ended."))
    return after_the_end(request, row.student)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def teaching_pause(request: UserRequest, teaching: UUID) -> HttpResponse:
    now = timezone.now()
    row = teaching_or_404(request.user, teaching, "pause")
    form = PauseForm(request.POST or None, student=row.student, now=now)
    if form.is_valid() and in_time(request, form):
        try:
            services.pause_teaching(teaching=row, by=request.user, now=now, **form.cleaned_data)
        except services.CannotBePaused:
            form.add_error(None, _("The lessons were paused or ended in the meantime."))
        else:
            messages.success(request, _("The pause is set."))
            return after_the_end(request, row.student)
    return render(request, "private_teaching/teaching_pause.html", {"teaching": row, "form": form})


@post_only("home:index")
def teaching_resume(request: UserRequest, teaching: UUID) -> HttpResponse:
    row = teaching_or_404(request.user, teaching, "resume")
    if writes_too_often(request):
        return slow_down(request)
    services.resume_teaching(teaching=row, by=request.user, now=timezone.now())
    messages.success(request, _("The lessons go on."))
    return after_the_end(request, row.student)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: UserRequest) -> HttpResponse:
    """Who saw a young adult's diary, and who still may. For everybody else it explains itself."""
    now = timezone.now()
    page = queries.hand_over_of(request.user, now=now)
    if page is None:
        return render(request, "private_teaching/hand_over.html", {"page": None})
    form = HandOverForm(request.POST or None, student=page.student, people=page.to_ask, now=now)
    if form.is_valid() and in_time(request, form):
        services.let_in_again(student=page.student, now=now, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("private_teaching:hand-over")
    return render(request, "private_teaching/hand_over.html", {"page": page, "form": form})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def code_sheet(request: UserRequest) -> HttpResponse:
    """A card with a code and a picture for each pupil whose family is still to come, on paper or screen."""
    now = timezone.now()
    sheet = queries.code_sheet(request.user, now=now)
    form = CodeSheetForm(request.POST or None, students=sheet.missing)
    if form.is_valid() and in_time(request, form):
        chosen, role = form.chosen(sheet.missing), InvitationRole(form.cleaned_data["role"])
        made = make_codes(students=chosen, role=role, by=request.user, now=now)
        words = ngettext("%(count)d code is made.", "%(count)d codes are made.", made)
        messages.success(request, words % {"count": made})
        return redirect("private_teaching:code-sheet")
    return render(request, "private_teaching/code_sheet.html", {"sheet": sheet, "form": form})


@post_only("private_teaching:student-people", "student")
def sign_off_ask(request: UserRequest, student: UUID, teaching: UUID) -> HttpResponse:
    """Switch it on or off; the button says which."""
    rows = Teaching.objects.filter(student=student).select_related("student")
    row = get_allowed_or_404(rows, "ask_sign_off", request.user, pk=teaching)
    if writes_too_often(request):
        return slow_down(request)
    asks = request.POST.get("asks") == "1"
    services.ask_to_sign(teaching=row, asks=asks, by=request.user, now=timezone.now())
    messages.success(
        request,
        _("From this week on you ask the family to sign.") if asks else _("The family is asked no more."),
    )
    return redirect("private_teaching:student-people", row.student_id)


def after_the_end(request: HttpRequest, student: Student) -> HttpResponse:
    """Back to the people, if the person may still know of the student."""
    if is_allowed("view", request.user, student):
        return redirect("private_teaching:student-people", student.pk)
    return redirect("home:index")
