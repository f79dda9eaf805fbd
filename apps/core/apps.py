from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = _("Foundations")

    def ready(self) -> None:
        # Checks and declarations register on import.
        from . import checks, personal_data  # noqa: F401

        prepare_embedded_broker()


def prepare_embedded_broker() -> None:
    """Create the folders of the embedded broker: kombu writes wake-ups into them but does not make them."""
    options: dict[str, object] = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    for name, folder in options.items():
        if name.endswith(("_in", "_out", "_folder")):
            Path(str(folder)).mkdir(parents=True, exist_ok=True)
