from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from apps.core import outbox  # models can be imported only now

        # Tasks and declarations register on import.
        from . import personal_data, services, tasks  # noqa: F401

        outbox.set_writer(services.write)
