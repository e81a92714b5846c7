"""All settings, in one file, from the environment only. Nothing here differs by developer."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("NHIPCAU_HOME") or BASE_DIR / ".nhipcau")
DEBUG = os.environ.get("NHIPCAU_DEBUG") == "1"


def _keys() -> dict[str, Any]:
    """Secrets from the environment, else from the state folder, where the first start makes them."""
    stored = HOME / "keys.json"
    found: dict[str, Any] = json.loads(stored.read_text()) if stored.is_file() else {}
    if os.environ.get("NHIPCAU_SECRET_KEY"):
        found["secret_key"] = os.environ["NHIPCAU_SECRET_KEY"]
    if os.environ.get("NHIPCAU_FIELD_KEYS"):
        found["field_keys"] = os.environ["NHIPCAU_FIELD_KEYS"].split(",")
    if os.environ.get("NHIPCAU_INDEX_KEY"):
        found["index_key"] = os.environ["NHIPCAU_INDEX_KEY"]
    return found


def _database(address: str) -> dict[str, Any]:
    """Django's settings of `postgresql://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "nhipcau",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        # A database that was restarted costs nobody an error: a connection is tried before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "pool": {"min_size": 1, "max_size": 8, "timeout": 20}},
        "TEST": {"TEMPLATE": "template0"},
    }


def _smtp(address: str) -> dict[str, Any] | None:
    """The mail server of `smtp://user:password@host:port/?from=name@host`; None when there is none.

    `smtps` is encrypted from the first byte, `smtp+starttls` after a greeting, `smtp` not at all.
    """
    if not address:
        return None
    parts = urlsplit(address)
    server = {
        "host": parts.hostname or "localhost",
        "port": parts.port or {"smtps": 465, "smtp+starttls": 587}.get(parts.scheme, 25),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+starttls",
    }
    return {"server": server, "sender": dict(parse_qsl(parts.query)).get("from", "nhipcau@localhost")}


KEYS = _keys()
SECRET_KEY = KEYS.get("secret_key", "")
FIELD_KEYS: list[str] = KEYS.get("field_keys", [])
INDEX_KEY: str = KEYS.get("index_key", "")
# A key and its certificates to sign papers with; empty: the installation's own (`core.crypto`).
SIGNING_PEM: str = os.environ.get("NHIPCAU_SIGNING_PEM", "").replace("\\n", "\n")

ALLOWED_HOSTS = os.environ.get("NHIPCAU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
SITE_URL = os.environ.get("NHIPCAU_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "nhipcau.core",
    "nhipcau.audit",
    "nhipcau.messaging",
    "nhipcau.places",
    "nhipcau.catalogue",
    "nhipcau.teams",
    "nhipcau.citizens",
    "nhipcau.procedures",
    "nhipcau.cases",
    "nhipcau.authoring",
    "nhipcau.volunteers",
    "nhipcau.devices",
    "nhipcau.shifts",
    "nhipcau.signups",
    "nhipcau.staffing",
    "nhipcau.roster",
    "nhipcau.attendance",
    "nhipcau.reinforcement",
    "nhipcau.visits",
    "nhipcau.learning",
    "nhipcau.sync",
    "nhipcau.reports",
    "nhipcau.portal",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "nhipcau.core.middleware.headers_middleware",
    "nhipcau.procedures.views.kiosk.kiosk_middleware",
    "nhipcau.core.middleware.input_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nhipcau.core.middleware.language_middleware",
    "nhipcau.core.middleware.large_view_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nhipcau.teams.access.GuardMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "nhipcau.core.context.page",
                "nhipcau.portal.queries.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///nhipcau"))}
# Holds only counts of tries (`core.limits`, sign-in): one for all processes, under keyed digests.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "limits",
        "KEY_FUNCTION": "nhipcau.core.limits.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "teams.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "nhipcau.teams.access.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {"change_password": "nhipcau.teams.forms.ChangePasswordForm"}
# How many proxies of ours stand in front: only what they wrote of a visitor's address is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("NHIPCAU_PROXIES") or 0)
MFA_ADAPTER = "nhipcau.teams.access.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 3600 * 24 * 30 if SITE_URL.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE_URL.startswith("https://") else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
# Served as built, with the compressed copies beside each file; nothing is collected elsewhere.
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
PDF_FONTS = BASE_DIR / "static" / "dist" / "fonts" / "ttf"

# Upper rooms' small views on lower rooms' pages: host -> dotted names (see nhipcau.core.panels).
PANELS: dict[str, list[str]] = {
    "team_list": ["nhipcau.roster.views.sections.team_list"],
    "team_sections": ["nhipcau.roster.views.sections.team_sections"],
    "case": ["nhipcau.sync.views.conflicts.case_panel", "nhipcau.visits.views.panels.case_panel"],
    "unit": ["nhipcau.reports.views.unit_panel"],
    "papers": ["nhipcau.cases.views.sessions.record_panel"],
    "record": ["nhipcau.procedures.views.record_panel"],
    "member": [
        "nhipcau.volunteers.views.people.member_panel",
        "nhipcau.attendance.views.panels.member_panel",
    ],
    "profile": [
        "nhipcau.volunteers.views.people.profile_panel",
        "nhipcau.attendance.views.panels.profile_panel",
    ],
    "shift": [
        "nhipcau.reinforcement.views.panels.shift_panel",
        "nhipcau.attendance.views.panels.shift_panel",
    ],
    "week": ["nhipcau.reinforcement.views.panels.week_panel"],
    "post": ["nhipcau.attendance.views.panels.post_panel"],
    "team": ["nhipcau.staffing.views.panels.team_panel", "nhipcau.volunteers.views.badges.team_panel"],
    "members": ["nhipcau.volunteers.views.applications.members_panel"],
}

# Mail goes out only where a server is named.
SMTP = _smtp(os.environ.get("NHIPCAU_SMTP_URL", ""))
# The key browsers know us by (32 bytes, URL-safe base 64); empty: made from the index key.
PUSH_KEY = os.environ.get("NHIPCAU_PUSH_KEY", "")
# The push services of the browsers people use, and no other host, is ever asked to show a notice:
# Chrome, Edge on Android and Samsung; Firefox; Edge on Windows; Safari.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROGRAMME_NAME = _("Digital volunteer programme")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "nhipcau.core.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"refusals": {"()": "nhipcau.core.logs.ExpectedRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # Scanners asking for other hosts would fill the log, a page of traceback each.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.request": {"filters": ["refusals"]},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("NHIPCAU_LOG", "WARNING")},
}
