from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class WoodshedAdminConfig(AdminConfig):
    """The admin with our own site: a second factor is required, pupils' data is audited."""

    default_site = "config.admin_site.WoodshedAdminSite"

    def ready(self) -> None:
        super().ready()
        from .staff_groups import write_staff_groups  # models are loaded only now

        # Signals come app by app, and only for those with models: at the last one every permission exists.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(write_staff_groups, sender=last, dispatch_uid="staff_groups")
