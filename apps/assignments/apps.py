from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssignmentsConfig(AppConfig):
    name = "apps.assignments"
    verbose_name = _("Assignments")

    def ready(self) -> None:
        # Rules, declarations, news, tasks and parts of other pages register on import.
        from . import news, permissions, personal_data, receivers, tasks  # noqa: F401
