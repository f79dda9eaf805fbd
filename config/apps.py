from django.contrib.admin.apps import AdminConfig


class WoodshedAdminConfig(AdminConfig):
    """The admin with our own site: a second factor is required, pupils' data is audited."""

    default_site = "config.admin_site.WoodshedAdminSite"
