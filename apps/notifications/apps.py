from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from apps.core import news, outbox  # models can be imported only now

        # Rules, tasks and declarations register on import.
        from . import permissions, personal_data, services, tasks  # noqa: F401
        from .services import told

        outbox.set_writer(services.write)
        news.set_keeper(told)
