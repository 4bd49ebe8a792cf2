"""The verbs of voices: speak the rows that wait, give broken ones another chance, forget what nobody needs.

What volunteers offer is taken in above, where lessons are known (learning/lessons/offers.py); here it is forgotten.
"""

import logging
import time
from collections.abc import Iterable, Set
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from learning.voice.aside import speak_aside
from learning.voice.models import MAX_TRIES, MachineVoice
from learning.voice.offers import VoiceOffer
from learning.voice.speech import NoVoice, Sound, VoiceUnavailable
from project.lib.clock import now

log = logging.getLogger(__name__)
UNUSED_FOR = timedelta(days=30)
OFFERS_KEPT = timedelta(days=180)  # waiting ones, and what was said of declined ones


def speak_rows(rows: Iterable[MachineVoice], *, seconds: float = float("inf")) -> set[str]:
    """Speak rows, for at most so long (the text in work is finished). The keys that have a voice now.

    The work is done in a process of its own; what it made is written in one short transaction at the end.
    """
    queue = list(rows)
    until = time.monotonic() + seconds
    answers: list[tuple[MachineVoice, Sound | VoiceUnavailable]] = []
    spoken = speak_aside((row.language, row.text) for row in queue)
    for row, (_job, answer) in zip(queue, spoken, strict=False):
        if isinstance(answer, Sound):
            _keep(row, answer)
        answers.append((row, answer))
        if time.monotonic() > until:
            break
    spoken.close()  # type: ignore[attr-defined]
    with transaction.atomic():
        for row, answer in answers:
            _note(row, answer)
    return {row.key for row, answer in answers if isinstance(answer, Sound)}


def _keep(row: MachineVoice, sound: Sound) -> None:
    name = f"voices/{row.key}.mp3"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(sound.mp3))


def _note(row: MachineVoice, answer: Sound | VoiceUnavailable) -> None:
    """What became of a row. A language without a voice has failed for good; a broken machine is asked again."""
    values: dict[str, object]
    if isinstance(answer, Sound):
        values = {
            "state": MachineVoice.State.READY, "file": f"voices/{row.key}.mp3", "seconds": answer.seconds,
            "size": len(answer.mp3), "made_at": now(),
        }  # fmt: skip
    else:
        log.warning("voice %s: %s", row.key[:12], answer)
        tries = row.tries if isinstance(answer, NoVoice) else row.tries + 1
        failed = isinstance(answer, NoVoice) or tries >= MAX_TRIES
        values = {"tries": tries, "state": MachineVoice.State.FAILED if failed else MachineVoice.State.WAITING}
    MachineVoice.objects.filter(pk=row.pk).update(**values)


def retry_broken() -> int:
    """Rows that failed because the machine was broken wait again: perhaps it was mended. How many."""
    broken = MachineVoice.objects.filter(state=MachineVoice.State.FAILED, tries__gte=MAX_TRIES)
    return broken.update(state=MachineVoice.State.WAITING, tries=0)


def forget_voices(needed: Set[str]) -> int:
    """Delete rows and files that nothing published has asked for in a month. `needed`: the keys in use. How many."""
    gone = 0
    for row in MachineVoice.objects.filter(made_at__lt=now() - UNUSED_FOR):
        if row.key not in needed:
            if row.file:
                default_storage.delete(row.file)
            row.delete()
            gone += 1
    return gone


def drop_sound(offer: VoiceOffer) -> None:
    """The private file of an offer goes once the open transaction commits; the row is written by the caller."""
    name, storage = offer.audio.name, offer.audio.storage
    offer.audio = ""
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def forget_offers() -> int:
    """Offers that nobody took up in time, or whose person is gone, with their files; old refusals. How many.

    Accepted ones stay: the row says who agreed to the recording that the lesson plays.
    """
    state, before = VoiceOffer.State, now() - OFFERS_KEPT
    waiting = Q(state=state.WAITING) & (Q(offered_at__lt=before) | Q(offered_by=None))
    declined = Q(state=state.DECLINED) & (Q(decided_at__lt=before) | Q(offered_by=None))
    gone = 0
    for pk in VoiceOffer.objects.filter(waiting | declined).values_list("pk", flat=True):
        with transaction.atomic():  # one each: an editor may be deciding on one of them
            row = VoiceOffer.objects.select_for_update().filter(waiting | declined, pk=pk).first()
            if row is not None:
                drop_sound(row)
                row.delete()
                gone += 1
    return gone
