"""The bytes behind our own addresses: public media and static files."""

from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage


def bytes_at(url: str) -> bytes | None:
    """The file at one of our addresses; None if there is none."""
    path = unquote(url.partition("?")[0])
    if path.startswith(settings.MEDIA_URL):
        name = path.removeprefix(settings.MEDIA_URL)
        if not default_storage.exists(name):
            return None
        with default_storage.open(name) as file:
            content: bytes = file.read()
            return content
    if path.startswith(settings.STATIC_URL):
        return _static(path.removeprefix(settings.STATIC_URL))
    return None


def _static(name: str) -> bytes | None:
    """From the collected files, else (a machine that has not collected them) from where they are written."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            content: bytes = file.read()
            return content
    found = finders.find(name)
    return Path(str(found)).read_bytes() if found else None
