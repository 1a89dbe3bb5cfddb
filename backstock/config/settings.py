"""Every setting of Backstock; the environment decides what differs between machines."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.utils.csp import CSP

from backstock.core.database_url import database
from backstock.core.mail_url import mailer

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("BACKSTOCK_HOME") or Path.home() / ".backstock").expanduser()


def secret_key() -> str:
    """Read this installation's secret from its home, making it at the first start."""
    if key := os.environ.get("BACKSTOCK_SECRET_KEY"):
        return key
    file = HOME / "secret_key"
    if not file.exists():
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # Another process of ours was first; its secret is the one to use.
        else:
            with os.fdopen(handle, "w") as stream:
                stream.write(secrets.token_urlsafe(50))
    return file.read_text()


SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("BACKSTOCK_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'backstock.sqlite3'}")}
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "backstock.config.urls"
WSGI_APPLICATION = "backstock.config.wsgi.application"

APPS = (
    "core", "catalog", "partners", "evidence", "carriers", "stock", "money", "warehouse",
    "policies", "flows", "sales", "purchases", "owing", "returns", "refunds", "books", "exchange_formats", "documents", "notifications", "desk",
)  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "backstock.config",
    *(f"backstock.{app}" for app in APPS),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    # ECharts and Tabler set element.style from scripts (allowed); no style attribute stands in our HTML.
    "img-src": [CSP.SELF, "data:"],  # Tabler's check marks and arrows are data: images
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "backstock.desk.pages.stale_form"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Behind TLS set BACKSTOCK_HTTPS=1; on loopback a secure cookie would never come back.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("BACKSTOCK_HTTPS") == "1"

PASSWORD_HASHERS = [os.environ.get("BACKSTOCK_HASHER", "django.contrib.auth.hashers.PBKDF2PasswordHasher")]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# Every address that `{% asset %}` gives carries the content's hash, in its name or as ?v=.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(vendor|desk)/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "backstock.core.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
MEDIA_ROOT = HOME / "evidence"
# s3://bucket/prefix, else the folder above; the store's address and keys come as boto3 reads them (AWS_ENDPOINT_URL_S3 …).
FILES = os.environ.get("BACKSTOCK_FILES", "")
# Where people reach this installation, for codes on papers and links in letters: https://returns.example.com
SITE_URL = os.environ.get("BACKSTOCK_URL", "").rstrip("/")
# The mail server for letters to customers, smtp://user:password@host:587?tls=1; without one they wait in the outbox.
MAILERS = mailer(os.environ.get("BACKSTOCK_SMTP", ""))
# How refunds leave: one section per means of payment, with its secrets; readable by us alone. Without it people pay by hand.
GATEWAYS_FILE = os.environ.get("BACKSTOCK_GATEWAYS") or str(HOME / "gateways.toml")
MAIL_FROM = os.environ.get("BACKSTOCK_MAIL_FROM", "backstock@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("BACKSTOCK_LOG", "WARNING")},
}
