"""Links to read along, as the guardians make and end them. Whoever holds one reads elsewhere."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import services
from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.link_forms import HAS_LINK, ReaderLinkForm
from apps.accounts.models import ReaderLink
from apps.accounts.prepared import Door

link_or_404 = Door(lambda reader: ReaderLink.objects.all())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link_create(request: UserRequest, student: UUID) -> HttpResponse:
    now = timezone.now()
    pupil = student_or_404(request.user, student, "share_link")
    form = ReaderLinkForm(request.POST or None, student=pupil, by=request.user, now=now)
    if form.is_valid() and in_time(request, form):
        try:
            services.make_reader_link(student=pupil, by=request.user, now=now, **form.cleaned_data)
        except services.OfferIsOver:
            raise PermissionDenied from None
        except services.AddressHasLink:
            form.add_error("email", HAS_LINK)
        except services.TooManyReaderLinks as error:
            words = _("%(count)d links into this diary are open already. End one of them first.")
            form.add_error(None, words % {"count": error.limit})
        except services.TooManyInvitations:
            form.add_error("email", _("Too many mails today. Please try again tomorrow."))
        else:
            messages.success(request, _("The link is on its way to %s.") % form.cleaned_data["email"])
            return redirect("accounts:grant-list", pupil.pk)
    return render(request, "accounts/link_create.html", {"form": form, "student": pupil})


@post_only("home:index")
def link_end(request: UserRequest, link: UUID) -> HttpResponse:
    found = link_or_404(request.user, link, "manage")
    if writes_too_often(request):
        return slow_down(request)
    services.end_reader_link(link=found, by=request.user, now=timezone.now())
    messages.success(request, _("The link opens nothing any more: %(name)s") % {"name": found.name})
    return redirect("accounts:grant-list", found.student_id)
