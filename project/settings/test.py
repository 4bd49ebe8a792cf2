"""The tests' settings: fast hasher, storage in memory, the queue's tasks run where they are called."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="gocua-test-"))  # runs beside each other never share files
os.environ.setdefault("SECRET_KEY", "tests-only-and-never-anywhere-else-0123456789abcdef")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")

from project.settings.base import *
from project.settings.base import DATABASES, INSTALLED_APPS, STORAGES

DEMO = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]
HUEY = {"huey_class": "huey.MemoryHuey", "name": "gocua-test", "immediate": True}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "ENQUEUE_ON_COMMIT": True}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "gocua-test"},
    # Tests roll back, so that no publication is ever committed: what keeps pages is tested with a cache of its own.
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
ACCOUNT_RATE_LIMITS = {}  # none: a test signs in more often than people do

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the tests with threads need two connections on one database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATA_DIR.mkdir(parents=True, exist_ok=True)
