from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardingConfig(AppConfig):
    name = "apps.safeguarding"
    verbose_name = _("Safeguarding")

    def ready(self) -> None:
        from apps.core import glass  # models can be imported only now

        # Kinds of mail and declarations register on import.
        from . import emails, holds, personal_data, queries  # noqa: F401

        glass.set_keeper(queries.open_cases)
