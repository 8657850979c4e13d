"""Django's settings. What differs between places of use comes from the environment; see `docs/deploy.md`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from tuyendau.config import basemap, signins, storage

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]
VAR = Path(os.environ.get("TUYENDAU_VAR", ROOT / "var"))


def _proxies(default: int) -> int:
    """How many proxies stand before the program and write X-Forwarded-For."""
    text = os.environ.get("TUYENDAU_PROXIES", "")
    if text and not text.isdecimal():
        raise ImproperlyConfigured(
            f"TUYENDAU_PROXIES is {text!r}: write how many proxies there are, as 0, 1 or 2."
        )
    return int(text) if text else default


def _least_group() -> int:
    """How many people must share what a list without names tells of them."""
    text = os.environ.get("TUYENDAU_LEAST_GROUP", "") or "5"
    if not text.isdecimal() or int(text) < 2:
        raise ImproperlyConfigured(f"TUYENDAU_LEAST_GROUP is {text!r}: write a number of people, 2 or more.")
    return int(text)


def _public_map() -> bool:
    """Whether the public map is there, for everybody and without signing in."""
    text = os.environ.get("TUYENDAU_PUBLIC_MAP", "") or "yes"
    if text not in ("yes", "no"):
        raise ImproperlyConfigured(f"TUYENDAU_PUBLIC_MAP is {text!r}: write yes or no.")
    return text == "yes"


def _grace() -> int | None:
    """After how many days a role that asks for a second factor opens nothing without one; None only recommends it."""
    text = os.environ.get("TUYENDAU_MFA_REQUIRED", "0" if HTTPS else "no")
    if text != "no" and not text.isdecimal():
        raise ImproperlyConfigured(
            f"TUYENDAU_MFA_REQUIRED is {text!r}: write no, or after how many days, 0 being at once."
        )
    return None if text == "no" else int(text)


def _database(url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address: a URI or a conninfo string."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "tuyendau"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DEBUG = False
storage.close(VAR)
SECRET_KEY = os.environ.get("TUYENDAU_SECRET_KEY") or storage.secret_key(VAR)
ALLOWED_HOSTS = os.environ.get("TUYENDAU_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = os.environ.get("TUYENDAU_HTTPS") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# The names below the one it is served under are others' to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///tuyendau"))}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_vite",
    "template_partials",
    "procrastinate.contrib.django",
    "tuyendau.core.audit",
    "tuyendau.core.history",
    "tuyendau.core.retention",
    "tuyendau.core.live",
    "tuyendau.core.places",
    "tuyendau.core.accounts",
    "tuyendau.core.lists",
    "tuyendau.records.people",
    "tuyendau.records.visits",
    "tuyendau.records.cases",
    "tuyendau.records.contacts",
    "tuyendau.records.interviews",
    "tuyendau.records.orders",
    "tuyendau.records.followup",
    "tuyendau.records.chains",
    "tuyendau.response.care",
    "tuyendau.insight.exchange",
    "tuyendau.insight.situation",
    "tuyendau.insight.map",
    "tuyendau.insight.public",
    "tuyendau.insight.reports",
    "tuyendau.insight.home",
    "tuyendau.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tuyendau.core.accounts.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tuyendau.core.accounts.middleware.SessionMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tuyendau.config.middleware.PrivacyMiddleware",
    "tuyendau.config.middleware.LiveMiddleware",
    "tuyendau.core.accounts.middleware.LanguageMiddleware",
    "tuyendau.core.accounts.middleware.ViewerMiddleware",
    "tuyendau.core.accounts.middleware.DutyMiddleware",
]

ROOT_URLCONF = "tuyendau.config.urls"
WSGI_APPLICATION = "tuyendau.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "tuyendau.config.navigation.context",
            ],
        },
    }
]

# Our own templates of date fields: dd/mm/yyyy whatever the language of the browser.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "tuyendau.core.accounts.forms.passwords.VietnamesePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tuyendau.core.accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_SESSION_REMEMBER = False
# A whole office, or a whole province behind its proxy, may have one address: it is given room for many people's
# mistakes, while each account still locks after five.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/m/ip,5/300s/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "tuyendau.core.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tuyến Đầu"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
# Browsers take http://localhost for safe and nothing else without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SECOND_FACTOR_GRACE = _grace()
ALLAUTH_TRUSTED_PROXY_COUNT = _proxies(default=1 if HTTPS else 0)

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
FORMAT_MODULE_PATH = "tuyendau.config.formats"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"] if (PACKAGE / "static").is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
# Vite puts a hash of eight letters into the names of the files in assets/: they never change.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[\w-]{8}\.\w+$"
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": PACKAGE / "static" / "manifest.json"}}

# A ground under the map from elsewhere, where the province names one: the browser may ask it, and nothing else.
BASEMAP = basemap.load(os.environ)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:", *BASEMAP.origins],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF, *BASEMAP.origins],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
    }
}

# Granian has workers of many threads: a lockout must be seen by all of them, so the cache is the database's table.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"},
}

SEGMENTS = VAR / "segments"
# The heads of the chain of events, one line a night: copy it to where nobody who can write to the database can write.
AUDIT_ANCHORS = VAR / "audit-anchors.log"
LEAST_GROUP = _least_group()
PUBLIC_MAP = _public_map()
# Shown on the sign-in page, to a browser on this machine. `tuyendau up` asks for it where nobody else is served.
TUYENDAU_DEMO_SIGNINS = signins.load(VAR) if os.environ.get("TUYENDAU_DEMO_SIGNINS") == "1" else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"tuyendau": {"level": "INFO"}},
}
