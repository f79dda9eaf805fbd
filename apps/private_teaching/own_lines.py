"""What a teacher finds on the settings page."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.own_lines import Line, Section, lines

from .models import TeacherProfile, Teaching


@lines(Section.MUSIC)
def teachers_page(user: User, now: datetime) -> Iterable[Line]:
    """For whoever teaches or has begun a page: what they teach by it, and how it stands."""
    page = TeacherProfile.objects.filter(teacher=user).first()
    if page is not None:
        words = f"{', '.join(page.instruments)} · {page.get_state_display()}"
    elif Teaching.objects.current().filter(teacher=user).exists():
        words = _("not begun")
    else:
        return
    yield Line(_("Your page as a teacher"), reverse("private_teaching:page-show"), words)
