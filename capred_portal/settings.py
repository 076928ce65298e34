"""Every setting of the portal, read from environment variables (see .env.example)."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from capred_portal.logs import logging_settings
from capred_portal.secret_keys import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / ".build"  # what the portal makes for itself: compiled assets, the local database, uploads

for _folder in ("assets", "static"):
    (BUILD_DIR / _folder).mkdir(parents=True, exist_ok=True)

env = environ.FileAwareEnv()
env.read_env(BASE_DIR / ".env")

# Deployment

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)  # a proxy in front terminates HTTPS
SECRET_KEY = secret_key(env.str("SECRET_KEY", default=""), BUILD_DIR, debug=DEBUG, behind_tls=BEHIND_TLS)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # keys of before, until their sessions have ended
PROXIES = env.int("PROXIES", default=int(BEHIND_TLS))  # how many of them add an address to X-Forwarded-For
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")
PUBLIC_DASHBOARD = env.bool("PUBLIC_DASHBOARD", default=False)  # anybody sees overview and strategy: accepted figures

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked by machines, inside
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 12 * 60 * 60  # a session ends after this, or after SESSION_IDLE_MINUTES without a sign of life
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60  # of the link in a mail
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # scripts read the token from the page
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# Plotly appends two <style>: an empty one, by the hash of nothing, and that of its maps, by the hash its release needs.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
PLOTLY_STYLE = "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, EMPTY_STYLE, PLOTLY_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Apps

INSTALLED_APPS = [
    "indicators",
    "programs",
    "enterprises",
    "capred_portal",
    "capred_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for our form renderer
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "django_tasks_db",
    "heroicons",
    "ninja",
    "simple_history",
]

MIDDLEWARE = [
    "capred_portal.operations_middleware.RequestLogMiddleware",
    "capred_portal.operations_middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "capred_portal.operations_middleware.NoNulMiddleware",
    "capred_portal.middleware.IdleSession",
    "capred_portal.middleware.SecondStep",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "capred_portal.urls"
WSGI_APPLICATION = "capred_portal.wsgi.application"
FORM_RENDERER = "capred_portal.forms.PortalRenderer"
LOADERS = ["capred_portal.template_files.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
            "builtins": ["capred_portal.templatetags.portal"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

# Data

DATABASES: dict[str, Any] = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BUILD_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; "
        "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a connection that a restart of the server cut is not used
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,  # seconds
        "tcp_user_timeout": 10_000,  # milliseconds until a server that is gone without a word counts as away
        "pool": {"min_size": 1, "max_size": 8, "timeout": 3, "reconnect_timeout": 1},
        **DATABASES["default"].get("OPTIONS", {}),  # what the address itself asks for, such as sslmode
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Fragments are cached by data version, so a cache per process can hold nothing stale; CACHE_URL may name Redis.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://?max_entries=1000")}
TASKS = {"default": {"BACKEND": env.str("TASK_BACKEND", default="django_tasks_db.DatabaseBackend")}}
LEASE_SECONDS = env.int("LEASE_SECONDS", default=30)  # a worker renews its hold on a task every third of it

MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BUILD_DIR / "uploads"))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
BACKUP_ROOT = env.path("BACKUP_ROOT", default=str(BUILD_DIR / "backups"))  # better on another machine's disk
BACKUPS_KEPT = env.int("BACKUPS_KEPT", default=14)  # the newest; and one of each of the last twelve months
RETENTION_DAYS = {  # after which personal data goes by itself; /methods/ says so
    "uploads": env.int("KEEP_UPLOADS_DAYS", default=365),  # spreadsheets that name people or were never written
    "sign-ins": env.int("KEEP_SIGN_INS_DAYS", default=365),
    "mails": env.int("KEEP_MAILS_DAYS", default=90),
    "exports": env.int("KEEP_EXPORTS_DAYS", default=7),  # tables written in the background
}
_LIMITS = {
    5: "sector-concordance",
    10: "attendance",
    20: "correspondence document observations targets",
    50: "adb-gvc adb-sectors memberships series-unsdg series-wdi series-wits",
    100: "certificates labelled-iot links oecd-iot",
    200: "products",
    300: "adb-mrio enterprise-years",
    400: "enterprises",
    600: "comtrade",
}
UPLOAD_LIMIT_MB = {kind: limit for limit, kinds in _LIMITS.items() for kind in kinds.split()}

# People

AUTH_USER_MODEL = "capred_portal.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"user_attributes": ["username", "full_name_en", "full_name_km", "email"]}
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_CLIENT_IP_CALLABLE = "capred_portal.addresses.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # together: an office behind one address is never locked out
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = (
    "username ip_address old_password new_password1 new_password2 code csrfmiddlewaretoken".split()
)
# Administrators and verifiers sign in with a one-time code too; the demonstration does without, and says so.
ONE_TIME_CODES = env.bool("ONE_TIME_CODES", default=True)
OTP_TOTP_ISSUER = "Manufacturing Competitiveness Portal"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
AXES_ENABLE_ADMIN = False  # capred_portal/admin.py registers what is useful

EMAIL = env.email("EMAIL_URL", default="filemail://")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_TLS", False), EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30  # seconds; a server that says nothing is tried again later
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"] or str(BUILD_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
SITE_URL = env.str("SITE_URL", default="")  # of links in mails that a worker writes

# Language, time, files

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("km", _("Khmer"))]
LOCALE_PATHS = [BASE_DIR / "capred_portal" / "locale"]
FORMAT_MODULE_PATH = ["capred_portal.formats"]
TIME_ZONE = "Asia/Phnom_Penh"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BUILD_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR / "assets"]
STATIC_STORAGE = env.str("STATIC_STORAGE", default="django.contrib.staticfiles.storage.StaticFilesStorage")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = STATIC_STORAGE.endswith("StaticFilesStorage")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LOGGING = logging_settings(
    env.str("LOG_LEVEL", default="WARNING"), env.str("LOG_FORMAT", default="text" if DEBUG else "json")
)
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)  # longer ones are logged; 0 measures none
