"""One sound of a whole lesson, for the commune's loudspeaker: the title, then the steps with pauses between them."""

from learning.lessons.models import LessonPage
from learning.lessons.steps import finished_voices
from learning.offline.files import bytes_at
from learning.voice import mp3
from learning.voice.models import voice_key

BEFORE, AFTER_TITLE, BETWEEN = 1.0, 2.0, 2.5  # seconds of silence: time to hear it through, on the way to the field


def loudspeaker(page: LessonPage) -> bytes | None:
    """The lesson as one MP3; None if the voice of a step is missing: half a lesson is not sent over a village."""
    title = page.spoken[0]
    voice = finished_voices([title]).get(voice_key(*title))
    parts = [bytes_at(voice.url) if voice else None]
    parts += [bytes_at(step.voice_url) for step in page.all_steps()]
    if len(parts) < 2 or any(part is None for part in parts):
        return None
    try:
        sounds = [_in_format(part) for part in parts if part is not None]
    except mp3.NotOurs:
        return None
    pause = mp3.encode(mp3.pause(BETWEEN))
    whole = [mp3.encode(mp3.pause(BEFORE)), sounds[0], mp3.encode(mp3.pause(AFTER_TITLE))]
    for sound in sounds[1:]:
        whole += [sound, pause]
    return mp3.joined(whole)


def _in_format(sound: bytes) -> bytes:
    """A recording of another kind is brought into the common format."""
    try:
        mp3.frames(sound)
    except mp3.NotOurs:
        return mp3.retuned(sound)
    return sound
