"""The Celery application. Brokers only wake a worker; what is due is a row (ADR 0006)."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

app = Celery("woodshed")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**kwargs: object) -> None:
    """Celery would replace the root logger; Django's LOGGING already says what is wanted."""
