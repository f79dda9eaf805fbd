from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoresConfig(AppConfig):
    name = "apps.scores"
    verbose_name = _("Sheet music")

    def ready(self) -> None:
        # Rules, declarations, tasks and parts of other pages register on import.
        from . import checks, permissions, personal_data, receivers, tasks  # noqa: F401
