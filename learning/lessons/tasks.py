"""What the queue does for lessons: speak their steps and draw their picture sizes; a sweep finds what was missed."""

import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from learning.lessons.models import LessonPage
from learning.media.pictures import make_sizes
from learning.voice import speech
from learning.voice.models import MAX_TRIES, MachineVoice, ask_for_voices
from project.lib.clock import now

log = logging.getLogger(__name__)
SWEEP_SIZE = 20  # voices a minute; a step takes about a quarter of a second


@db_task()
def prepare_lesson(page_id: int) -> None:
    """Voices and picture sizes of one lesson, after its publication. A lesson that is gone is no error."""
    page = LessonPage.objects.filter(pk=page_id).first()
    if page is None:
        return
    keys = ask_for_voices(page.spoken)
    for voice in MachineVoice.objects.filter(key__in=keys, state=MachineVoice.State.WAITING):
        make_voice(voice)
    for image in page.pictures():
        make_sizes(image)  # so that no learner waits for one


@db_periodic_task(crontab(minute="*"))
def sweep_voices() -> None:
    """Speak what still waits: a lost nudge, or a machine that could not speak for a while."""
    for voice in MachineVoice.objects.filter(state=MachineVoice.State.WAITING).order_by("tries", "pk")[:SWEEP_SIZE]:
        make_voice(voice)


def make_voice(voice: MachineVoice) -> bool:
    """Speak one row and keep the file under voices/ by its content's hash. False if this machine cannot (logged)."""
    try:
        sound = speech.PROVIDER.speak(voice.text, voice.language)
    except speech.VoiceUnavailable as error:
        log.warning("voice %s: %s", voice.key[:12], error)
        MachineVoice.objects.filter(pk=voice.pk).update(tries=F("tries") + 1)
        MachineVoice.objects.filter(pk=voice.pk, tries__gte=MAX_TRIES).update(state=MachineVoice.State.FAILED)
        return False
    name = f"voices/{voice.key}.mp3"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(sound.mp3))
    MachineVoice.objects.filter(pk=voice.pk).update(
        state=MachineVoice.State.READY, file=name, seconds=sound.seconds, size=len(sound.mp3), made_at=now()
    )
    return True
