"""Settings of Jiheng: one file, driven by the environment, safe by default.

With nothing set, the program refuses to start: a production server must name
its secret, its hosts and its database. ``make run`` and ``make test`` set what
a demonstration or a test needs.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

VERSION = "0.1.0"
SOURCE_CODE_URL = env("SOURCE_CODE_URL", default="https://github.com/jiheng-project/jiheng")

DEBUG = env.bool("DEBUG", default=False)
# The demonstration shows its accounts on the login page: outside of debugging
# it has to be asked for by name.
DEMO_MODE = env.bool("DEMO_MODE", default=DEBUG)
TESTING = env.bool("TESTING", default=False)

SECRET_KEY = env("SECRET_KEY", default="only-for-development" if DEBUG or TESTING else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY in the environment (at least 50 random characters).")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"] if DEBUG or TESTING else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS in the environment (host names, separated by commas).")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.apps.JihengConfig",
    "workflow",
    "approvals",
    "evaluations",
    "notices",
    "accounts",
    "audit_log",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "viewflow.workflow",
    "guardian",
    "simple_history",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.login_required",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.errors_for_people",
    "config.middleware.history_origin",
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
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.product",
                "workflow.context_processors.navigation",
            ],
        },
    },
]

# --- Database: PostgreSQL only -------------------------------------------------
# A demonstration, debugging and tests use the embedded server when nothing else is
# named; manage.py, wsgi and the tests start it (never these settings) and put its
# address into the environment.
EMBEDDED_DATABASE = f"postgresql:///jiheng?host={quote(str(VAR_DIR / 'postgres'))}&user=postgres"
DATABASE_URL = env("DATABASE_URL", default="") or (EMBEDDED_DATABASE if DEBUG or TESTING or DEMO_MODE else "")
if not DATABASE_URL:
    raise ImproperlyConfigured("Set DATABASE_URL in the environment (postgres://…).")
DATABASES: dict[str, Any] = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgres://…).")
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        # A cut network would otherwise hold a row lock for minutes.
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
        "tcp_user_timeout": 20000,
    }
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and permissions ----------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "login"
DEMO_PASSWORD = env("DEMO_PASSWORD", default="jiheng-demo-2026")

# --- History -------------------------------------------------------------------
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False

# --- Language and time ---------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

# --- Notices that go out -------------------------------------------------------
# Without these, and in a demonstration, people are told inside the product only.
SITE_URL = env("SITE_URL", default="").rstrip("/")
EMAIL_URL = env("EMAIL_URL", default="")
MAIL_FROM = env("MAIL_FROM", default="")
EMAIL_CONFIG = env.email_url_config(EMAIL_URL) if EMAIL_URL else {}
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or (465 if EMAIL_CONFIG.get("EMAIL_USE_SSL") else 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 15
MAIL_IS_ON = bool(EMAIL_URL and MAIL_FROM and SITE_URL and not DEMO_MODE)
# Domains that people's addresses have to be in; none: any.
MAIL_DOMAINS = [domain.lower() for domain in env.list("MAIL_DOMAINS", default=[])]
# At this hour (of TIME_ZONE) goes out what people get once a day.
DIGEST_HOUR = env.int("DIGEST_HOUR", default=8)
# Hosts that webhooks may be set up for, and networks besides the public ones that they may stand in.
WEBHOOK_HOSTS = [] if DEMO_MODE else [host.lower() for host in env.list("WEBHOOK_HOSTS", default=[])]
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
WEBHOOK_SCHEMES = ["https", "http"] if DEBUG or TESTING else ["https"]

# --- Files ---------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = None if TESTING else VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.static_files.NodeModulesFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Outside of the web root: files are served through a permission check only.
        "OPTIONS": {
            "location": env("FILES_FOLDER", default=str(VAR_DIR / "files")),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=20 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "config.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Jobs are found in each app's jobs.py; the documents keep theirs beside them.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = [
    "approvals.documents.jobs",
    "workflow.importing.jobs",
    "workflow.deadlines",
    "workflow.rectification_deadlines",
    "workflow.launching.jobs",
]
# How long a file that was handed in for import is kept, with its preview.
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=30)
DOCUMENT_FONT_FOLDER = env("DOCUMENT_FONT_FOLDER", default="")

# --- Security ------------------------------------------------------------------
HTTPS = env.bool("HTTPS", default=not (DEBUG or TESTING))
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# W005 and W021 ask for HSTS on every subdomain and for preloading: both reach
# beyond the host that this program runs on, so an office's domain owner decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Logging -------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
