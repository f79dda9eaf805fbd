from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "apps.privacy"
    verbose_name = _("Export and erasure")

    def ready(self) -> None:
        # Kinds of mail, rules, declarations and tasks register on import.
        from . import emails, permissions, personal_data, queries, tasks  # noqa: F401
