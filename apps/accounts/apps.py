from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        # Kinds of mail, roles, rules and declarations register on import.
        from . import (  # noqa: F401
            emails,
            family_emails,
            link_emails,
            own_roles,
            permissions,
            personal_data,
        )
        from .receivers import connect  # models are loaded only now

        connect()
