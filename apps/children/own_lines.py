"""What a guardian finds on the settings page and beside their own sessions: where their children sign in."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Student, User
from apps.accounts.own_lines import Line, Section, lines
from apps.core.access import allowed

from .models import TrustedDevice


@lines(Section.CHILDREN)
def devices(user: User, now: datetime) -> Iterable[Line]:
    """Of each child that signs in: these devices end there, and not with the guardian's own sessions."""
    live = TrustedDevice.objects.live().filter(student=OuterRef("pk")).order_by().values("student")
    count = Subquery(live.annotate(count=Count("pk")).values("count"))
    children = allowed(Student.objects.all(), "manage_sign_in", user)
    signing_in = children.filter(Q(child_login__closed_at__isnull=True, child_login__isnull=False))
    for child in signing_in.annotate(devices=Coalesce(count, 0)).order_by("created_at", "pk"):
        number = vars(child)["devices"]
        yield Line(
            _("Devices of %(name)s") % {"name": child.get_short_name()},
            reverse("children:sign-in-show", args=[child.pk]),
            ngettext("%(count)d device", "%(count)d devices", number) % {"count": number},
        )
