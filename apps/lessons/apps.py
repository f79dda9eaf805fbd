from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LessonsConfig(AppConfig):
    name = "apps.lessons"
    verbose_name = _("Lessons")

    def ready(self) -> None:
        # Rules, declarations, mails and news register on import.
        from . import emails, news, permissions, personal_data  # noqa: F401
