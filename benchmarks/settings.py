"""Production's settings, except that no proxy with a certificate stands before the measured server."""

from config.settings import base
from config.settings.production import *

ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
SECURE_SSL_REDIRECT = False
# The measured people are made up, in a database of their own.
DEMO_ALLOWED = True
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrftoken"
LANGUAGE_COOKIE_SECURE = False
STATIC_ROOT = base.VAR_DIR / "bench" / "static"
LOG_LEVEL = "WARNING"
LOGGING = base.LOGGING | {"loggers": {}, "root": {"handlers": ["console"], "level": LOG_LEVEL}}
