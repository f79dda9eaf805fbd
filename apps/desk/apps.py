from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "apps.desk"
    verbose_name = _("The teacher's desk")

    def ready(self) -> None:
        # Rules, declarations and groups register on import.
        from . import permissions, personal_data, receivers  # noqa: F401
