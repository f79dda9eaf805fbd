"""Settings that hold everywhere; each environment adds what differs (development, test, production).

Everything that varies between installations is read from the environment here or in
``production``; ``.env.example`` lists every name.
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from config import sign_in

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

SITE_NAME = "Woodshed"
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "config.apps.WoodshedAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "guardian",
    "pgtrigger",
    "pghistory",
    "apps.core",
    "apps.accounts",
    "apps.notifications",
    "apps.safeguarding",
    "apps.consent",
    "apps.children",
    "apps.private_teaching",
    "apps.privacy",
    "apps.repertoire",
    "apps.gear",
    "apps.practice",
    "apps.evidence",
    "apps.scores",
    "apps.transfer",
    "apps.ensembles",
    "apps.lessons",
    "apps.assignments",
    "apps.desk",
    "apps.parent_portal",
    "apps.tools",
    "apps.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "apps.core.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before anybody is put in somebody else's place: a session is its owner's.
    "apps.accounts.middleware.SeenMiddleware",
    "apps.safeguarding.middleware.ImpersonationMiddleware",
    "apps.accounts.middleware.PersonalSettingsMiddleware",
    "apps.accounts.middleware.RevisionAuthorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.children.middleware.ChildDoorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.LostSessionMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.home.context_processors.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# PostgreSQL is the only engine. One kept connection per worker thread: a connection per request
# costs more than most pages. The three timeouts bound what one bad request can hold.
DATABASE_OPTIONS = {
    "options": "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s"
    # Statements of core.prepared, and only those, are prepared in the database at their first run. Each is
    # written so that one plan is right for all values; left alone, the database plans many of them anew.
    " -c plan_cache_mode=force_generic_plan",
    "prepare_threshold": 0,
}
DATABASE_CONN_MAX_AGE = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "apps.accounts.backends.AccountBackend",
    # Model permissions of staff groups in the admin; never answers for one object.
    "django.contrib.auth.backends.ModelBackend",
    "apps.core.access.RelationshipBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Rows of guardian are written by one service and read by our rules; its anonymous user is not needed.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = [
    # guardian's backend is left out on purpose (woodshed.E003 holds that).
    "guardian.W001",
    # The address is unique regardless of case, by a constraint on lower(email).
    "auth.W004",
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:index"
LOGOUT_REDIRECT_URL = "home:landing"

ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "apps.accounts.adapter.LoginForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.forms.SignupDetailsForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# How long the links in account mails work; the mails say so and are not sent later than that.
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# One step of 30 seconds before and after (RFC 6238, 5.2): a code holds while somebody types it.
MFA_TOTP_TOLERANCE = 1
# Signing in with an account elsewhere, where an installation names a place (ADR 0022). Nobody signs up there,
# no address of theirs is believed, and nothing but a mark of their number for the person is kept.
SOCIALACCOUNT_ADAPTER = "apps.accounts.connecting.ConnectionAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": sign_in.apps_of(
            env.str("SIGN_IN_PROVIDERS", default=""), env.str("SIGN_IN_SECRETS", default="")
        ),
    }
}
SIGN_IN_CA_BUNDLE = sign_in.ca_bundle(env.str("SIGN_IN_CA_BUNDLE", default=""))
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True

SESSION_ENGINE = "apps.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
# Staff sign in anew after so many hours, and after the browser was closed.
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=8)
SESSION_COOKIE_HTTPONLY = True
# Children: the mark of a trusted device lasts as long as a browser keeps a cookie; a child's session ends
# after so many days without a visit; a device that a guardian has handed over, after so many hours.
DEVICE_COOKIE_NAME = "device"
DEVICE_COOKIE_DAYS = 400
CHILD_SESSION_DAYS = 30
CHILD_HANDED_OVER_HOURS = 12
# Wrong picture passwords of one child on one device: after so many a pause, which doubles each time up to
# an hour; after so many in a day a guardian must let the child on again.
CHILD_TRIES_BEFORE_PAUSE = 5
CHILD_TRIES_PER_DAY = 20
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.home.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Files: small ones in memory, of others no more on the disk than this; above what any form takes.
UPLOAD_MOST_BYTES = 6 * 1024 * 1024
# No form takes more; each one more would be as large again.
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "apps.core.uploads.CappedFileUploadHandler",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
# The second holds German for our libraries, where theirs says "Sie"; ours comes first.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "_libraries"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
# Django calls 0 Sunday; Woodshed's default week starts on Monday.
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", BASE_DIR / "node_modules" / "bootstrap" / "dist"),
    ("vendor/figtree", BASE_DIR / "node_modules" / "@fontsource-variable" / "figtree" / "files"),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "apps.core.finders.JoinedModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "apps.core.static_storage.HashedStaticFilesStorage"},
}
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
MEDIA_URL = "media/"

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Woodshed <woodshed@localhost>")
EMAIL_TIMEOUT = 10


def embedded_broker(folder: Path) -> dict[str, object]:
    """Options of the broker that needs no server. It only wakes; the outbox rows are the truth (ADR 0006)."""
    queue = str(folder / "queue")
    return {
        "data_folder_in": queue,
        "data_folder_out": queue,
        "control_folder": str(folder / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }


CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost//")
if CELERY_BROKER_URL.startswith("filesystem://"):
    CELERY_BROKER_TRANSPORT_OPTIONS = embedded_broker(VAR_DIR / "celery")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celery" / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "deliver-due-mail": {"task": "notifications.deliver_due", "schedule": 20.0},
    "forget-news": {"task": "notifications.forget_old", "schedule": 24 * 3600.0},
    "forget-refusals": {"task": "accounts.forget_refusals", "schedule": 3600.0},
    "forget-child-attempts": {"task": "children.forget_attempts", "schedule": 24 * 3600.0},
    "seal-audit": {"task": "core.seal_audit", "schedule": 300.0},
    "forget-attempts": {"task": "accounts.forget_attempts", "schedule": 24 * 3600.0},
    "run-due-privacy": {"task": "privacy.run_due", "schedule": 30.0},
    # More often than daily, so that a worker that was away for an hour misses nobody's day.
    "come-of-age": {"task": "accounts.come_of_age", "schedule": 6 * 3600.0},
    "expire-applications": {"task": "private_teaching.expire_applications", "schedule": 3600.0},
    "run-due-imports": {"task": "transfer.run_due", "schedule": 30.0},
    "forget-old-imports": {"task": "transfer.forget_old", "schedule": 3600.0},
    "purge-deleted": {"task": "privacy.purge_deleted", "schedule": 24 * 3600.0},
    "forget-names": {"task": "ensembles.forget_names", "schedule": 24 * 3600.0},
    "forget-photos": {"task": "accounts.forget_photos", "schedule": 24 * 3600.0},
    "forget-score-files": {"task": "scores.forget_files", "schedule": 24 * 3600.0},
    "forget-evidence-files": {"task": "evidence.forget_files", "schedule": 24 * 3600.0},
    "close-challenges": {"task": "assignments.close_challenges", "schedule": 24 * 3600.0},
    "forget-questions": {"task": "ensembles.forget_questions", "schedule": 24 * 3600.0},
    "forget-sessions": {"task": "accounts.forget_sessions", "schedule": 24 * 3600.0},
    "recount-days": {"task": "practice.recount_days", "schedule": 24 * 3600.0},
}

# Limits of the diary (see docs/domain.md).
PRACTICE_MAX_MINUTES = 1440
PRACTICE_TAUGHT_MAX_MINUTES = 300
PRACTICE_EDIT_WINDOW_HOURS = 24
# Links, notes and pictures: on one entry, on one skill itself; and the pictures of one student, since each
# is a file.
EVIDENCE_PER_ENTRY = 5
EVIDENCE_PER_SKILL = 50
EVIDENCE_PICTURES_PER_STUDENT = 1000
# Sheet music: pages of one file, files of one piece, and pages of one student.
SCORE_MOST_PAGES = 30
SCORES_PER_PIECE = 10
SCORE_PAGES_PER_STUDENT = 2000
SCORE_BYTES_PER_STUDENT = 500 * 1024 * 1024
INVITATION_DAYS = 14
INVITATION_CODE_DAYS = 7
INVITATION_CODES_PER_STUDENT = 5
# Links to read along: how many may be open for one child, and how long a browser goes on with one before it
# has to be opened again.
READER_LINKS_PER_STUDENT = 5
READER_COOKIE_NAME = "reader"
READER_COOKIE_HOURS = 12
# For pupils who are not on the roster yet: one first day of a studio.
INVITATION_CODES_PER_TEACHER = 60
# Of 480 million codes a few thousand are alive at a time: who may try thirty an hour, and all together
# five hundred, finds none.
CODE_TRIES_PER_SOURCE_AND_HOUR = 30
CODE_TRIES_PER_HOUR = 500
# A teacher is asked for lessons: how long they may take to answer, how long a place on the waiting list
# counts, how long a no counts, and how many requests of one student may be open, or one person may make
# in a day.
APPLICATION_DAYS = 30
APPLICATION_WAITING_DAYS = 365
APPLICATION_PAUSE_DAYS = 30
APPLICATIONS_PER_STUDENT = 5
APPLICATIONS_PER_PERSON_AND_DAY = 10
# A copy of somebody's data: how long its file waits, how many a person may ask for in a day, and how many
# may be asked for of one diary or account.
EXPORT_DAYS = 7
EXPORTS_PER_PERSON_AND_DAY = 20
EXPORTS_PER_SUBJECT_AND_DAY = 5
# How many files of a diary one person may download in a minute: each reads all of it.
DIARY_FILES_PER_MINUTE = 6
# A file with sessions for a diary: how large, and how many a diary takes in a day.
IMPORT_MOST_BYTES = 5 * 1024 * 1024
IMPORTS_PER_DIARY_AND_DAY = 30
# How long what somebody deleted is kept before it goes for good.
TRASH_DAYS = 30
# How long earlier guardians and the student may object to a new guardian.
OBJECTION_DAYS = 14
# How long before the eighteenth birthday a family is told, and at least before guardianships end, where
# the month of birth was only learnt late.
MAJORITY_NOTICE_DAYS = 30
MAJORITY_LEAST_NOTICE_DAYS = 7
# How long an erasure can be undone, unless it is asked for at once.
ERASURE_DAYS = 30
# How long an open case lets staff read one child's diary, and see the product as somebody else does.
CASE_MINUTES = 60
IMPERSONATION_MINUTES = 30
# Within how many hours somebody looks at a report.
REPORT_DUE_HOURS = {"danger": 4, "contact": 12, "unkind": 48, "wrong": 48, "other": 48}
# The demo's people have a password that everybody knows: only a developer's machine lets them in.
DEMO_ALLOWED = False
# A studio of forty invites two guardians each on its first day; nobody needs the same mail six times.
INVITATIONS_PER_SENDER_AND_DAY = 120
INVITATIONS_PER_ADDRESS_AND_DAY = 5

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"redact": {"()": "apps.core.logging.RedactSecretLinks"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["redact"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
    },
}
