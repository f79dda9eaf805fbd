from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import emails  # noqa: F401  (kinds of mail register on import)
        from .sessions import shorten_for_staff  # models are loaded only now

        user_logged_in.connect(shorten_for_staff, dispatch_uid="accounts.shorten_for_staff")
