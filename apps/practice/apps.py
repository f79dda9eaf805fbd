from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticeConfig(AppConfig):
    name = "apps.practice"
    verbose_name = _("Practice diary")

    def ready(self) -> None:
        # Kinds of mail, rules, declarations and parts of other pages register on import.
        from . import emails, permissions, personal_data, receivers  # noqa: F401
