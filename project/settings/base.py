"""Everything the installations share. No secrets, no branches on DEBUG; the other files only override."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from project.lib.inline import SCRIPTS, STYLES, policy_hashes
from project.settings.env import (
    database_from_url,
    env_bool,
    env_dotted,
    env_int,
    env_list,
    env_secret,
    env_text,
    refuse,
    sqlite,
)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env_text("DATA_DIR") or BASE_DIR / "var").resolve()

DEBUG = env_bool("DEBUG", False)
DEMO = env_bool("DEMO", False)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
SECRET_KEY = env_secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
SITE_URL = env_text("SITE_URL").rstrip("/")  # what printed QR codes carry; empty: the address of the request

INSTALLED_APPS = [
    "project",
    "project.accounts",
    "learning",
    "volunteers",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "channels",
    "huey.contrib.djhuey",
    "django_tasks",
    "csp",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "learning.serving.middleware.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "project.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "volunteers.access.guards.SecondFactorMiddleware",
    "volunteers.access.guards.ConductMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
ASGI_APPLICATION = "project.asgi.application"

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
                "volunteers.access.guards.navigation",
                "volunteers.notifications.views.unread",
            ],
        },
    }
]

# Pages are short reads; verbs open their own transactions. With ATOMIC_REQUESTS and IMMEDIATE every GET would
# take SQLite's write lock.
DATABASES: dict[str, dict[str, Any]] = {
    "default": database_from_url(env_text("DATABASE_URL"))
    if env_text("DATABASE_URL")
    else sqlite(DATA_DIR / "db.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_text("REDIS_URL")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in {"redis", "rediss"}:
    refuse("REDIS_URL", "must begin with redis:// or rediss://")

if REDIS_URL:
    _redis = urlsplit(REDIS_URL)
    WEB_PROCESSES = env_int("WEB_PROCESSES", 2, minimum=1)
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "gocua"},
        }
    }
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "gocua",
        }
    }
    CACHES["pages"] = CACHES["default"]
    HUEY: dict[str, Any] = {
        "huey_class": "huey.PriorityRedisExpireHuey",
        "name": "gocua",
        "immediate": False,
        "connection": {"url": REDIS_URL},
        "consumer": {"workers": 2, "worker_type": "thread", "initial_delay": 0.1, "max_delay": 0.5},
    }
else:
    if env_int("WEB_PROCESSES", 1, minimum=1) != 1:
        refuse("WEB_PROCESSES", "more than one process needs REDIS_URL (sockets and cache are shared there)")
    WEB_PROCESSES = 1
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "gocua"},
        "pages": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "gocua-pages",
            "OPTIONS": {"MAX_ENTRIES": 3000},  # packed pages of about 8 kB
        },
    }
    HUEY = {
        "huey_class": "huey.SqliteHuey",
        "name": "gocua",
        "immediate": False,
        "filename": str(DATA_DIR / "queue.sqlite3"),
        "fsync": True,
        "consumer": {"workers": 2, "worker_type": "thread", "initial_delay": 0.1, "max_delay": 0.5},
    }

# Wagtail's background work rides on huey. ENQUEUE_ON_COMMIT is false by default there, and Wagtail enqueues inside
# the transaction that saves: a worker could meet a row that is not there yet.
TASKS = {
    "default": {
        "BACKEND": "project.queue.WagtailBackend",
        "ENQUEUE_ON_COMMIT": True,
    }
}

# Who signs in, and how (house.md D3; contract §4).
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/volunteers/"  # teams:home sends everybody to the page of their work
LOGOUT_REDIRECT_URL = "/"
SMS_TRANSPORT = env_text("SMS_TRANSPORT")  # dotted path of a transport; empty: no text messages, no codes by phone
ACCOUNT_ADAPTER = "project.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*"]  # sign-up is closed; this only says what allauth may ask for
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address comes with the invitation that a lead made
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Gõ Cửa: "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second step is told to its owner
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_FORMS: dict[str, str] = {
    "login": "project.accounts.forms.LoginForm",
    "request_login_code": "project.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "project.accounts.forms.ConfirmLoginCodeForm",
    "reset_password": "project.accounts.forms.ResetPasswordForm",
    "confirm_password_reset_code": "project.accounts.forms.ConfirmPasswordResetCodeForm",
    "reset_password_from_key": "project.accounts.forms.NewPasswordForm",
    "change_password": "project.accounts.forms.ChangePasswordForm",
    "reauthenticate": "project.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "project.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "project.accounts.forms.SecondFactorForm",
    "reauthenticate": "project.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "project.accounts.forms.ActivateSecondFactorForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/300s/key",
}  # a hall of volunteers has one address
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXIES", 0)
HEADLESS_CLIENTS = ("app",)
HEADLESS_ONLY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Gõ Cửa"
USERSESSIONS_TRACK_ACTIVITY = False
REQUIRE_SECOND_FACTOR = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "gocua_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "gocua_csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "project.views.csrf_failure"

# Language, place and time (house.md D15: never from Accept-Language).
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "project" / "locale", BASE_DIR / "project" / "locale_cms"]  # ours win over the editors' side
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = True

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [path for path in [BASE_DIR / "build"] if path.is_dir()]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"  # public: renditions and voices
PRIVATE_ROOT = DATA_DIR / "private"  # uploads, exports, plan files: never served by address
VOICE_PROVIDER = env_dotted("VOICE_PROVIDER", "learning.voice.espeak.Espeak")  # who reads lessons aloud
STAMPS_DIR = DATA_DIR / "stamps"  # learning/serving/stamps.py, where there is no Redis
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None},
    },
    "staticfiles": {"BACKEND": "project.lib.static.ModuleManifestStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000  # a lesson of twelve full steps in the editor
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# Security that costs nothing and holds on plain http as well; production.py adds the rest.
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview frames its own pages
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "EXCLUDE_URL_PREFIXES": ["/cms/"],  # Wagtail's admin has inline scripts and no nonce; its own policy is set there
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", *policy_hashes(SCRIPTS)],
        "style-src": ["'self'", *policy_hashes(STYLES)],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}

# Wagtail.
WAGTAIL_SITE_NAME = "Gõ Cửa"
WAGTAILADMIN_BASE_URL = SITE_URL or "http://127.0.0.1:8000"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no third-party host at run time
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_IMAGE_MODEL = "learning.LessonImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 24_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "learning.media.forms.LessonImageForm"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "learning.LessonAudio",
    "MEDIA_FORM_BASE": "learning.media.forms.LessonAudioForm",
    "AUDIO_EXTENSIONS": ["mp3", "wav", "ogg", "oga", "opus", "flac", "m4a", "aac"],  # the last two: to say why not
}
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_ALLOW_UNICODE_SLUGS = False

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env_text("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_TLS", False)
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "Gõ Cửa <khong-tra-loi@gocua.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Logs carry ids, never names, numbers or words of people.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "project": {"level": "INFO"},
        "volunteers": {"level": "INFO"},
        "learning": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "huey": {"level": "WARNING"},
    },
}
