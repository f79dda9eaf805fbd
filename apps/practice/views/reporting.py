"""Telling the safeguarding team about an entry, a comment or the word with a signed week: whoever can see it
may do it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest
from apps.accounts.prepared import Door
from apps.core.templatetags.ui import day
from apps.practice.models import WeekSignOff
from apps.practice.queries import readable_text, words_of_comment
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import comment_or_404, entry_or_404

_said_or_404 = Door(lambda reader: WeekSignOff.objects.exclude(note="").select_related("signed_by"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_report(request: UserRequest, entry: UUID) -> HttpResponse:
    found = entry_or_404(request.user, entry)
    item = Item(
        kind="entry",
        pk=found.pk,
        student_id=found.student_id,
        author_id=found.logged_by_id,
        text=readable_text(found),
        title=_("Practice on %(day)s") % {"day": day(found.practised_on)},
        back_url=reverse("practice:entry-detail", args=[found.pk]),
    )
    return report_page(request, item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comment_report(request: UserRequest, comment: UUID) -> HttpResponse:
    found = comment_or_404(request.user, comment, "report")
    name = found.author.get_full_name() if found.author else _("Somebody who left")
    item = Item(
        kind="comment",
        pk=found.pk,
        student_id=found.entry.student_id,
        author_id=found.author_id,
        # All that it ever said: other words later make nothing unsaid.
        text="\n\n".join(words.body for words in words_of_comment(found)),
        title=_("What %(name)s wrote") % {"name": name},
        back_url=reverse("practice:entry-detail", args=[found.entry_id]),
    )
    return report_page(request, item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off_report(request: UserRequest, sign_off: UUID) -> HttpResponse:
    """What was said to the teacher with a signature; without a word there is nothing to report."""
    found = _said_or_404(request.user, sign_off)
    name = found.signed_by.get_full_name() if found.signed_by else _("Somebody who left")
    item = Item(
        kind="sign-off",
        pk=found.pk,
        student_id=found.student_id,
        author_id=found.signed_by_id,
        text=found.note,
        title=_("What %(name)s wrote") % {"name": name},
        back_url=reverse("practice:sign-off-list", args=[found.student_id]),
    )
    return report_page(request, item)
