from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepertoireConfig(AppConfig):
    name = "apps.repertoire"
    verbose_name = _("Pieces and skills")

    def ready(self) -> None:
        # Rules and declarations register on import.
        from . import permissions, personal_data  # noqa: F401
