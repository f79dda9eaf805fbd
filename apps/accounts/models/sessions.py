"""Where somebody is signed in: a row beside each session of an account, for the list on their settings."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel


class UserSession(UUIDModel):
    """What its owner needs to know a session again, and no more; the row goes with the session.

    ``browser`` is a short name of ours, empty if we do not know it: neither what the browser said of
    itself nor an address of the net is kept. ``seen_at`` is right to a quarter of an hour.
    """

    session = models.OneToOneField(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="+", editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="+"
    )
    browser = models.CharField(_("browser"), max_length=60, blank=True, default="")
    signed_in_at = models.DateTimeField(_("signed in at"))
    seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("session of an account")
        verbose_name_plural = _("sessions of accounts")

    def __str__(self) -> str:
        return self.browser or gettext("a browser")
