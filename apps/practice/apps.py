from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticeConfig(AppConfig):
    name = "apps.practice"
    verbose_name = _("Practice diary")

    def ready(self) -> None:
        from . import emails, permissions  # noqa: F401  (kinds of mail and rules register on import)
