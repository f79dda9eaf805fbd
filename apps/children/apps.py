from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChildrenConfig(AppConfig):
    name = "apps.children"
    verbose_name = _("Children's sign-in")

    def ready(self) -> None:
        # Kinds of mail, rules, declarations and what ends with an account register on import.
        from . import emails, own_lines, permissions, personal_data, services  # noqa: F401
