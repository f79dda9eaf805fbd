from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivateTeachingConfig(AppConfig):
    name = "apps.private_teaching"
    verbose_name = _("Private teaching")

    def ready(self) -> None:
        # Kinds of mail, rules, roles of invitations and declarations register on import.
        from . import (  # noqa: F401
            emails,
            families,
            invitation_roles,
            lesson_emails,
            own_lines,
            permissions,
            personal_data,
        )
