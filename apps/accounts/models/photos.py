"""Photos that nobody is shown any more, and whose files are there still."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel


class LeavingPhoto(UUIDModel):
    """The large file of a photo that its account names no more, and when it may go (ADR 0021).

    Until then whoever had it before them can report it, and the team still sees what was reported. The
    row goes with the file, so a file that is held is asked about again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="+"
    )
    path = models.CharField(_("file"), max_length=60, unique=True)
    goes_at = models.DateTimeField(_("goes at"))

    class Meta:
        verbose_name = _("photo that goes")
        verbose_name_plural = _("photos that go")
        indexes = [models.Index(fields=["goes_at"], name="leaving_photo_goes")]

    def __str__(self) -> str:
        return f"{self.goes_at:%Y-%m-%d %H:%M}"
