"""The test suite: PostgreSQL like everywhere, cheap password hashes, mail kept in memory."""

from config import embedded

from .base import *
from .base import DATABASE_OPTIONS, STORAGES, env

DEBUG = False
SECRET_KEY = "test-key-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEMO_ALLOWED = True

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or embedded.url())}
# Making and dropping the test database goes through the same options, and a busy machine needs its time.
DATABASES["default"] |= {
    "OPTIONS": DATABASE_OPTIONS
    | {
        "options": str(DATABASE_OPTIONS["options"])
        .replace("statement_timeout=5s", "statement_timeout=60s")
        .replace("session_timeout=10s", "session_timeout=120s")
        # What a test commits need not outlive a fall of the machine.
        + " -c synchronous_commit=off"
    },
    # tests/database.py keeps the rows of the migrations.
    "TEST": {"SERIALIZE": False},
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {
    # Nothing of a test stays on the disk; tests of files make a folder of their own.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
