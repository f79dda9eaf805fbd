"""Teachers' public pages: for everybody, and the teacher's own."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.accounts.services import NotGrownUp
from apps.core.access import get_allowed_or_404, is_allowed
from apps.core.pages import keyset_page
from apps.private_teaching import queries, services
from apps.private_teaching.models import PublishedPage, TeacherProfile
from apps.private_teaching.page_forms import PageForm, SearchForm
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import teacher_or_404

PAGE = 20

profile_or_404 = Door(lambda reader: TeacherProfile.objects.all())


@require_safe
def teacher_list(request: HttpRequest) -> HttpResponse:
    """Everybody whom the staff approved; for people without an account, too."""
    form = SearchForm(request.GET)
    filters = form.found()
    rows = queries.published_pages(**filters)
    page = keyset_page(rows, fields=("approved_at", "id"), cursor=request.GET.get("cursor"), size=PAGE)

    def address(cursor: str | None) -> str | None:
        return f"?{urlencode(filters | {'cursor': cursor})}" if cursor else None

    context = {"form": form, "filters": filters, "pages": page.rows}
    more = {"newer_url": address(page.newer), "older_url": address(page.older)}
    return render(request, "private_teaching/teacher_list.html", context | more)


def published_or_404(profile: UUID) -> PublishedPage:
    found = queries.published_page(profile)
    if found is None:
        raise Http404
    return found


@require_safe
def teacher_show(request: HttpRequest, profile: UUID) -> HttpResponse:
    return render(request, "private_teaching/teacher_show.html", {"page": published_or_404(profile)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def teacher_report(request: UserRequest, profile: UUID) -> HttpResponse:
    """Everybody with an account may report what everybody may read."""
    page = published_or_404(profile)
    item = Item(
        kind="teacher page",
        pk=page.profile_id,
        student_id=None,
        author_id=page.profile.teacher_id,
        text="\n".join([page.display_name, *page.instruments, page.bio]),
        title=_("The page of %(name)s") % {"name": page.display_name},
        back_url=reverse("private_teaching:teacher-show", args=[page.profile_id]),
    )
    return report_page(request, item)


@login_required
@require_safe
def page_show(request: UserRequest) -> HttpResponse:
    """How it stands with one's own page, and what it looks like. Who says meanwhile that they are under 18
    can still take it down."""
    found = queries.own_page(request.user)
    may_publish = is_allowed("publish", request.user, request.user)
    if found is None and not may_publish:
        raise PermissionDenied
    context = {
        "page": found,
        "published": getattr(found, "published", None),
        "free": queries.free_places(found) if found else 0,
        "may_publish": may_publish,
    }
    return render(request, "private_teaching/page_show.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page_edit(request: UserRequest) -> HttpResponse:
    teacher = teacher_or_404(request.user, request.user.pk, "publish")
    found = queries.own_page(teacher)
    if found is not None:
        found = profile_or_404(teacher, found.pk, "change")
    form = PageForm(request.POST or None, initial=vars(found) if found else {})
    if form.is_valid() and in_time(request, form):
        facts = {name: form.cleaned_data[name] for name in ("places", "is_taking")}
        try:
            services.save_page(teacher=teacher, texts=form.texts(), now=timezone.now(), **facts)
        except services.PageIsSuspended:
            return redirect("private_teaching:page-show")
        messages.success(request, _("Saved."))
        return redirect("private_teaching:page-show")
    return render(request, "private_teaching/page_edit.html", {"form": form, "page": found})


def own_page_or_404(request: UserRequest) -> TeacherProfile:
    return get_allowed_or_404(TeacherProfile.objects.all(), "change", request.user, teacher=request.user)


@post_only("private_teaching:page-show")
def page_submit(request: UserRequest) -> HttpResponse:
    page = own_page_or_404(request)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.submit_page(profile=page, by=request.user, now=timezone.now())
    except (services.NothingToSendIn, services.PageIsSuspended):
        messages.info(request, _("There is nothing new to send in."))
    except NotGrownUp:
        # The page itself says why.
        return redirect("private_teaching:page-show")
    else:
        messages.success(request, _("Sent in. We read it and write to you."))
    return redirect("private_teaching:page-show")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page_close(request: UserRequest) -> HttpResponse:
    """Take it down, or out of the check."""
    page = own_page_or_404(request)
    if request.method != "POST":
        return render(request, "private_teaching/page_close.html", {"page": page})
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.take_down_page(profile=page, by=request.user, now=timezone.now())
    except services.PageIsSuspended:
        return redirect("private_teaching:page-show")
    messages.success(request, _("Nobody finds your page any more."))
    return redirect("private_teaching:page-show")
