"""A developer's machine and ``make demo``: no variable is required, everything is embedded."""

from pathlib import Path

from config import embedded

from .base import *
from .base import (
    CELERY_BROKER_URL,
    DATABASE_CONN_MAX_AGE,
    DATABASE_OPTIONS,
    STORAGES,
    VAR_DIR,
    embedded_broker,
    env,
)

# `make demo` turns it off: who looks at the product shall meet its own error pages.
DEBUG = env.bool("DEBUG", default=True)
if not DEBUG:
    # Straight from the folders, with nothing collected before.
    STORAGES = STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    STATIC_ROOT = None
    WHITENOISE_USE_FINDERS = True
# A fixed key is right here and only here: production refuses to start without its own.
SECRET_KEY = env.str("SECRET_KEY", default="development-only-key-" + "x" * 40)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
DEMO_ALLOWED = True

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or embedded.url())}
DATABASES["default"] |= {
    "OPTIONS": DATABASE_OPTIONS,
    "CONN_MAX_AGE": DATABASE_CONN_MAX_AGE,
    "CONN_HEALTH_CHECKS": True,
}

# Without a server to talk to, mails are files that the demo's mail page shows.
if email_url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

# A second worker on this machine, such as a test's, keeps its wake-ups to itself.
if (folder := env.str("CELERY_FOLDER", default="")) and CELERY_BROKER_URL.startswith("filesystem://"):
    CELERY_BROKER_TRANSPORT_OPTIONS = embedded_broker(Path(folder))
