from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        # Kinds of mail, roles and declarations register on import.
        from . import emails, family_emails, own_roles, personal_data  # noqa: F401
        from .sessions import shorten_for_staff  # models are loaded only now

        user_logged_in.connect(shorten_for_staff, dispatch_uid="accounts.shorten_for_staff")
