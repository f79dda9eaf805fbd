"""The first page of a student and of a teacher."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest
from apps.accounts.queries import faces_for
from apps.desk.forms import LONGEST_NAME
from apps.ensembles.queries import news_of
from apps.home.queries.readers import readers_of
from apps.home.queries.roster import roster_page
from apps.home.queries.student import student_home
from apps.practice.queries import own_head


@require_safe
@login_required
def student(request: UserRequest) -> HttpResponse:
    """The own diary's front page; who has no diary of their own may start one."""
    head = own_head(request.user)
    if head is None:
        return redirect("home:start")
    page = student_home(request.user, head.student, now=timezone.now())
    readers = head.readers(request.user)
    faces = faces_for(request.user, (comment.author for comment in page.comments))
    context = {"page": page, "head": head, "readers": readers, "faces": faces}
    return render(request, "home/student.html", context)


@require_safe
@login_required
def readers(request: UserRequest) -> HttpResponse:
    """Who reads along, in a child's words; who has no diary of their own may start one."""
    head = own_head(request.user)
    if head is None:
        return redirect("home:start")
    found = readers_of(head, user=request.user, now=timezone.now())
    context = {"readers": found, "names": news_of(head.student, request.user).shown_names}
    return render(request, "home/readers.html", context)


@require_safe
@login_required
def roster(request: UserRequest) -> HttpResponse:
    """The teacher's pupils, whom to look at first. Without any it teaches how to begin."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST_NAME]
    page = roster_page(request.user, now=timezone.now(), words=words)
    return render(request, "home/roster.html", {"page": page})
