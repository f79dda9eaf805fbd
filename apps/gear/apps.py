from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GearConfig(AppConfig):
    name = "apps.gear"
    verbose_name = _("Instruments and gear")

    def ready(self) -> None:
        # Rules and declarations register on import.
        from . import permissions, personal_data  # noqa: F401
