"""What the queue makes to be carried away: looked after once a minute, made when nothing has changed for a minute.

Nobody has to tell this file of a publication: what kept pages hang on (serving/stamps.py) says whether anything moved.
"""

import time

from django.core.cache import cache
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from learning.lessons.models import LessonPage
from learning.lessons.tasks import BACKGROUND, BREATH, published_lessons
from learning.lessons.tree import TopicPage
from learning.offline.actions import clear_packs, pack_lesson, pack_topic
from learning.offline.models import PackFile
from learning.serving import stamps
from learning.serving.build import BUILD
from learning.voice.models import MachineVoice

SLICE_SECONDS = 6.0  # then other tasks have their turn; the next minute goes on


@db_periodic_task(crontab(minute="*"), priority=BACKGROUND)
def sweep_packs() -> None:
    """Make what is out of date: not while voices are still being spoken, nor while editors are publishing."""
    if MachineVoice.objects.filter(state=MachineVoice.State.WAITING).exists():
        return
    state = state_of("/")
    if cache.get("packs.made") == state:
        return
    if cache.get("packs.seen") != state:
        cache.set("packs.seen", state, None)
        return
    if make_packs(time.monotonic() + SLICE_SECONDS):
        cache.set("packs.made", state, None)


def make_packs(until: float = float("inf")) -> bool:
    """Make every pack that is out of date. False if the time was over before all were made."""
    made = dict(PackFile.objects.values_list("page_id", "made_of"))
    closed = set(LessonPage.objects.live().not_public().values_list("pk", flat=True))
    for page in published_lessons():
        state = state_of(page.address)
        if page.pk not in closed and made.get(page.pk) != state:
            if pack_lesson(page, state):
                stamps.touch(page.address)
            if time.monotonic() > until:
                return False
    for topic in TopicPage.objects.live().public().select_related("locale"):
        state = topic_state(topic)
        if made.get(topic.pk) != state:
            if pack_topic(topic, state):
                stamps.touch("/")
            time.sleep(BREATH)
            if time.monotonic() > until:
                return False
    clear_packs()
    return True


def state_of(address: str) -> str:
    """What the pages at an address are drawn from, as one short text."""
    return f"{BUILD}:{stamps.current(address)}"[:80]


def topic_state(topic: TopicPage) -> str:
    """What a topic's file is made of: its lessons, as they are now."""
    lessons = LessonPage.objects.live().public().child_of(topic).select_related("locale")
    return stamps.name_of("/".join(f"{lesson.pk}:{state_of(lesson.address)}" for lesson in lessons))
