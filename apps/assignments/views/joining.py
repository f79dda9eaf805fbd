"""The family's page of challenges: what they are asked, how far it is, yes and no."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, post_only, slow_down, writes_too_often
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.assignments import services
from apps.assignments.challenge_queries import asked_in, asked_of, counted, parts_for
from apps.core.access import with_permission
from apps.repertoire.services import NotPossible
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import participation_or_404


def _asked(reader: User) -> QuerySet[Student]:
    rows = with_permission(Student.objects.all(), reader, may_decide="decide_consents")
    return rows.annotate(challenges=asked_in(with_past=True))


_asked_or_404 = Door(_asked)


@login_required
@require_safe
def student_challenges(request: UserRequest, student: UUID) -> HttpResponse:
    found = _asked_or_404(request.user, student, "view_challenges")
    asked = asked_of(vars(found)["challenges"])
    every = counted(asked, parts_for(asked), found.today(timezone.now()))
    context = {
        "student": found,
        "may_decide": vars(found)["may_decide"],
        "running": [each for each in every if not each.is_over],
        "over": [each for each in reversed(every) if each.is_over and each.asked.said_yes],
    }
    return render(request, "assignments/student_challenges.html", context)


@post_only("home:index")
def participation_answer(request: UserRequest, participation: UUID) -> HttpResponse:
    """``answer`` is yes or no; anything else is a no."""
    is_in = request.POST.get("answer") == "yes"
    found = participation_or_404(request.user, participation, "join" if is_in else "leave")
    if writes_too_often(request):
        return slow_down(request)
    student = found.teaching.student_id
    try:
        services.answer_challenge(participation=found, is_in=is_in, by=request.user, now=timezone.now())
    except NotPossible:
        messages.error(request, _("This challenge is over, or was taken back. Nothing was changed."))
    else:
        yes, no = _("You take part. Have fun!"), _("Saved. What was practised does not count there.")
        messages.success(request, yes if is_in else no)
    return redirect("assignments:student-challenges", student)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def participation_report(request: UserRequest, participation: UUID) -> HttpResponse:
    """Whoever reads the words of a challenge may tell the safeguarding team."""
    found = participation_or_404(request.user, participation, "view")
    row = found.challenge
    item = Item(
        kind="challenge",
        pk=row.pk,
        student_id=found.teaching.student_id,
        author_id=row.teacher_id,
        text="\n".join(filter(None, [row.title, row.description])),
        title=_("The challenge “%(title)s”") % {"title": row.title},
        back_url=reverse("assignments:student-challenges", args=[found.teaching.student_id]),
    )
    return report_page(request, item)
