"""The verbs: make a topic's and a lesson's files, and clear away what nothing points to."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import RequestFactory
from django.utils import translation

from learning.lessons.models import LessonPage
from learning.lessons.tree import TopicPage
from learning.offline.bundle import bundle
from learning.offline.loudspeaker import loudspeaker
from learning.offline.manifest import manifest
from learning.offline.models import PackFile
from learning.offline.queries import kept_bytes
from learning.offline.screens import away_screen
from learning.voice import mp3
from project.lib.clock import now

FOLDER = "packs"


def pack_topic(topic: TopicPage, state: str) -> bool:
    """Make the topic's ZIP anew; the old one goes. Whether anything changed. `state`: what it was made of."""
    made = bundle(topic, list(LessonPage.objects.live().public().child_of(topic).select_related("locale")))
    return _keep(topic.pk, state, made.name if made else "", made.data if made else b"")


def pack_lesson(page: LessonPage, state: str) -> bool:
    """Make the lesson's sound for the loudspeaker, and find out what it weighs on a phone. Whether anything changed."""
    language = page.locale.language_code
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
    with translation.override(language):
        request = RequestFactory().get(page.address, headers={"host": host})
        told = manifest(page, request, away_screen(request))
    sound = loudspeaker(page)
    name = ""
    if sound is not None:
        name = f"{page.slug}-{language}-{hashlib.sha256(sound).hexdigest()[:8]}.mp3"
    weight = steady(kept_bytes(page), told["bytes"] + told["voice_bytes"])
    seconds = mp3.seconds_of(sound) if sound else 0
    return _keep(page.pk, state, name, sound or b"", seconds=seconds, kept_bytes=weight)


def steady(told: int, found: int) -> int:
    """The size that the cover tells, in whole 10 kB: it stands on a page that is weighed itself, so that it must not
    move with every byte. `told`: what it says now."""
    return told if told and abs(told - found) < 15_000 else -(-found // 10_000) * 10_000


def _keep(page_id: int, state: str, name: str, data: bytes, *, seconds: float = 0, kept_bytes: int = 0) -> bool:
    """Write the file and its row, delete the file before. Whether a reader sees a difference."""
    row = PackFile.objects.filter(page_id=page_id).first() or PackFile(page_id=page_id)
    old = (row.pk is not None, row.file, row.kept_bytes)
    path = f"{FOLDER}/{name}" if name else ""
    if path and not default_storage.exists(path):
        default_storage.save(path, ContentFile(data))
    gone = row.file if row.file != path else ""
    if row.file != path:
        row.made_at = now()
    row.file, row.size, row.seconds, row.kept_bytes, row.made_of = path, len(data), seconds, kept_bytes, state
    row.save()
    if gone:
        default_storage.delete(gone)
    return old != (True, path, kept_bytes)


def clear_packs() -> int:
    """Rows of pages that are not published any more, and files that no row names. How many files went."""
    shown = [model.objects.live().public().values("pk") for model in (TopicPage, LessonPage)]
    PackFile.objects.exclude(page_id__in=shown[0]).exclude(page_id__in=shown[1]).delete()
    named = set(PackFile.objects.exclude(file="").values_list("file", flat=True))
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    lost = [name for name in files if f"{FOLDER}/{name}" not in named]
    for name in lost:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(lost)
