"""What manage.py and `make run` use: one machine, plain http allowed, mail to the console, files under DATA_DIR."""

import secrets

from project.settings.base import *
from project.settings.base import DATA_DIR, SECRET_KEY
from project.settings.env import env_bool, env_text

for _folder in (DATA_DIR, DATA_DIR / "media", DATA_DIR / "private"):
    _folder.mkdir(parents=True, exist_ok=True)

DEMO = env_bool("DEMO", True)

if not SECRET_KEY:
    _file = DATA_DIR / "secret_key"
    if not _file.exists():
        _file.touch(mode=0o600)
        _file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    SECRET_KEY = _file.read_text(encoding="utf-8").strip()

if not env_text("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
