"""What the queue does for lessons: speak their texts and draw their picture sizes; a sweep finds what was missed."""

import threading
import time
from collections.abc import Iterator, Set

from django.core.cache import cache
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from learning.lessons.models import LessonPage
from learning.media.pictures import make_sizes
from learning.serving import stamps
from learning.serving.build import BUILD
from learning.voice.actions import forget_voices, retry_broken, speak_rows
from learning.voice.models import MachineVoice, ask_for_voices, edition, voice_key
from project.lib.after_commit import nudge

BACKGROUND = -10  # priority on the queue: plans, imports and messages go first
BATCH = 60  # texts at a time
SLICE_SECONDS = 5.0  # then other tasks have their turn; a stopping server waits no longer than this
BREATH = 0.02  # seconds between two lessons that are looked through: pages of learners go first

_speaking = threading.Lock()  # one voice at a time in a process, so that a worker stays free


@db_task(priority=BACKGROUND)
def prepare_lesson(page_id: int) -> None:
    """Voices and picture sizes of one lesson, after its publication. A lesson that is gone is no error."""
    page = LessonPage.objects.filter(pk=page_id).first()
    if page is None:
        return
    ask_for_voices(page.spoken)
    nudge(speak_waiting)
    for image in page.pictures():
        make_sizes(image)  # so that no learner waits for one


@db_task(priority=BACKGROUND)
def speak_waiting() -> None:
    """Speak for a few seconds, the newest texts first, and come back as long as there are more."""
    if not _speaking.acquire(blocking=False):
        return
    try:
        waiting = MachineVoice.objects.filter(state=MachineVoice.State.WAITING).order_by("tries", "-pk")
        made = speak_rows(waiting[:BATCH], seconds=SLICE_SECONDS)
        if made:
            tell_lessons(made)
    finally:
        _speaking.release()
    if made and MachineVoice.objects.filter(state=MachineVoice.State.WAITING).exists():
        nudge(speak_waiting, delay=1)


@db_periodic_task(crontab(minute="*"), priority=BACKGROUND)
def sweep_voices() -> None:
    """Speak what still waits: a lost nudge, a machine that could not speak for a while.

    Once after each start and each release every lesson is asked for its texts again: the voice may be another one.
    """
    asked = f"voices.asked:{edition()}:{BUILD}"
    if cache.add(asked, 1, None):
        retry_broken()
        for page in published_lessons():
            ask_for_voices(page.spoken)
    if MachineVoice.objects.filter(state=MachineVoice.State.WAITING).exists():
        speak_waiting.call_local()


@db_periodic_task(crontab(minute="41", hour="19"), priority=BACKGROUND)  # the queue reads UTC: at night here
def clear_voices() -> None:
    """Once a night: voices of words that nobody publishes any more."""
    forget_voices({voice_key(*pair) for page in published_lessons() for pair in page.spoken})


def tell_lessons(keys: Set[str]) -> None:
    """Kept pages of the lessons that use one of these voices are out of date."""
    for page in published_lessons():
        if page.url and any(voice_key(*pair) in keys for pair in page.spoken):
            stamps.touch(page.url)


def published_lessons() -> Iterator[LessonPage]:
    """Every published lesson in every language, unhurried."""
    for pk in LessonPage.objects.live().values_list("pk", flat=True):
        page = LessonPage.objects.live().select_related("locale").filter(pk=pk).first()
        if page is not None:
            yield page
            time.sleep(BREATH)
