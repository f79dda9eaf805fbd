from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "apps.transfer"
    verbose_name = _("Import and export")

    def ready(self) -> None:
        # Rules, declarations and tasks register on import.
        from . import permissions, personal_data, tasks  # noqa: F401
