from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "apps.consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        # Models cannot be imported before every app is there.
        from apps.accounts.services.collection import set_ledger

        # Kinds of mail, rules and declarations register on import.
        from . import emails, permissions, personal_data, services  # noqa: F401

        set_ledger(services)
