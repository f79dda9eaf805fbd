"""The family's pages: with whom the student plays, and whether the others may read a name."""

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

from apps.accounts.http import UserRequest, in_time, slow_down, writes_too_often
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.core.access import is_allowed, with_permission
from apps.ensembles import queries, services
from apps.ensembles.forms import AgreeForm, is_no
from apps.ensembles.models import Membership
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page


def _students(reader: User) -> QuerySet[Student]:
    return with_permission(Student.objects.all(), reader, may_decide="decide_consents")


def _memberships(reader: User) -> QuerySet[Membership]:
    rows = Membership.objects.select_related("ensemble__teacher", "teaching__student__user")
    return queries.with_agreement(rows)


student_or_404 = Door(_students)
membership_or_404 = Door(_memberships)


@login_required
@require_safe
def student_ensembles(request: UserRequest, student: UUID) -> HttpResponse:
    """Where the student plays, what the family is asked, and the sessions of which it may say more."""
    found = student_or_404(request.user, student, "play_together")
    news = queries.news_of(found, request.user)
    has_others = any(player.others for player in news.players)
    now = timezone.now()
    context = {
        "student": found,
        "is_own": found.user_id == request.user.pk,
        "news": news,
        "entries": queries.sessions_to_tell(found, request.user, now=now) if has_others else [],
        "has_others": has_others,
    }
    return render(request, "ensembles/student_ensembles.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def membership_agree(request: UserRequest, membership: UUID) -> HttpResponse:
    """What would be shown to whom, the name for it, and a no beside the yes. Of an agreement that counts no
    more the family is asked anew: its name is not shown, and there is a no again."""
    found = membership_or_404(request.user, membership, "decide")
    student, has_agreed = found.teaching.student, vars(found)["agreed"]
    if request.method == "POST" and is_no(request.POST):
        return ended(request, found)
    data = request.POST if request.method == "POST" else None
    form = AgreeForm(data, student=student, shown_name=found.shown_name if has_agreed else "")
    if form.is_valid() and in_time(request, form):
        try:
            services.agree_to_play(membership=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except services.OverMeanwhile:
            form.add_error(None, _("This has ended meanwhile. Nothing is shown to anybody."))
        else:
            messages.success(request, _("Saved. The others in the ensemble read this name from now on."))
            return redirect("ensembles:student-ensembles", student.pk)
    context = {"membership": found, "student": student, "form": form, "has_agreed": has_agreed}
    return render(request, "ensembles/membership_agree.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def membership_end(request: UserRequest, membership: UUID) -> HttpResponse:
    """The family takes the name back, or the teacher takes the pupil out."""
    found = membership_or_404(request.user, membership, "end")
    if request.method == "POST":
        return ended(request, found)
    is_leader = found.ensemble.teacher_id == request.user.pk
    context = {"membership": found, "student": found.teaching.student, "is_leader": is_leader}
    return render(request, "ensembles/membership_end.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def membership_report(request: UserRequest, membership: UUID) -> HttpResponse:
    """Whoever reads another player's name may tell the safeguarding team. The ensemble's name goes along."""
    found = membership_or_404(request.user, membership, "report")
    student = queries.reader_of(found, request.user)
    item = Item(
        kind="player",
        pk=found.pk,
        student_id=student,
        author_id=found.agreed_by_id,
        text=f"{found.shown_name}\n{found.ensemble.name}",
        title=_("The name %(name)s in %(ensemble)s")
        % {"name": found.shown_name, "ensemble": found.ensemble.name},
        back_url=reverse("ensembles:student-ensembles", args=[student]),
    )
    return report_page(request, item)


def ended(request: UserRequest, membership: Membership) -> HttpResponse:
    if writes_too_often(request):
        return slow_down(request)
    services.end_membership(membership=membership, by=request.user, now=timezone.now())
    messages.success(request, _("Saved. The others see this name no more."))
    student = membership.teaching.student
    if is_allowed("play_together", request.user, student):
        return redirect("ensembles:student-ensembles", student.pk)
    return redirect("ensembles:ensemble-detail", membership.ensemble_id)
