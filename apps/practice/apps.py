from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticeConfig(AppConfig):
    name = "apps.practice"
    verbose_name = _("Practice diary")

    def ready(self) -> None:
        # Kinds of mail and news, rules, declarations and parts of other pages register on import.
        from . import emails, news, permissions, personal_data, receivers  # noqa: F401
