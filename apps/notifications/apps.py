from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        # Models can be imported only now; tasks register on import.
        from apps.core import outbox

        from . import services, tasks  # noqa: F401

        outbox.set_writer(services.write)
