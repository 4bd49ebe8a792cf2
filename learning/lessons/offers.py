"""Voices that volunteers offer for a step: taken in, and decided on by those who may edit the lesson.

The rows are voice/offers.py's; the verbs stand here because they read recordings (media/) and write lessons.
"""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page
from wagtail.permissions import policy_registry

from learning.guardrails.rules import has_number
from learning.lessons.gate import stopping
from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.media.audio import LessonAudio, sound_words
from learning.media.sound import MAX_SECONDS, NotASound, Recording, small_mp3
from learning.templatetags.learning_tags import tongue_name
from learning.voice.actions import drop_sound
from learning.voice.offers import REGION_LENGTH, TONGUES, VoiceOffer
from project.accounts.models import User
from project.lib.clock import now
from project.lib.limits import allow

MAX_UPLOAD = 3 * 1024 * 1024  # bytes: a minute of uncompressed speech
A_DAY = 60  # recordings of one person: two lessons, each step some times over
TREE = "vi"  # the minority languages are heard over Vietnamese text (house.md D15), so all offers belong to this tree


class OfferRefused(Exception):
    """An offer that is not taken, or can no longer be decided on. Its words are for the person on the page."""


def lesson_of(number: int) -> LessonPage | None:
    """The published Vietnamese lesson of a number, or None."""
    keys = LessonNumber.objects.filter(number=number).values("translation_key")
    rows = LessonPage.objects.live().filter(translation_key__in=keys, locale__language_code=TREE)
    return rows.select_related("locale").first()


def offer_voice(number: int, step_id: str, language: str, region: str, file: File, *, by: User) -> VoiceOffer:
    """Keep a recording of a published step, made small, until an editor decides; it replaces one that still waits.

    `step_id`: the step's stable id; `language`: one of TONGUES; `region`: at most 24 characters, may be empty; `file`:
    at most 3 MB of MP3, WAV, OGG or FLAC, 39 seconds. Raises OfferRefused.
    """
    page, region = lesson_of(number), " ".join(region.split())
    if page is None or step_id not in [str(raw["id"]) for raw in page.steps.raw_data]:
        raise OfferRefused(_("This step is no longer part of the lesson. Please open the lesson again."))
    if language not in TONGUES or len(region) > REGION_LENGTH or has_number(region):
        raise OfferRefused(_("Please choose one of the languages, and a short name of the region without numbers."))
    if not allow("voice", str(by.pk), limit=A_DAY, seconds=24 * 3600):
        raise OfferRefused(_("That is enough for one day. Thank you! Please go on tomorrow."))
    recording = _small(file)
    with transaction.atomic():
        mine = {"offered_by": by, "number": number, "step": step_id, "language": language}
        for old in VoiceOffer.objects.select_for_update().filter(state=VoiceOffer.State.WAITING, **mine):
            drop_sound(old)
            old.delete()
        offer = VoiceOffer(**mine, region=region, seconds=round(recording.seconds, 1))
        offer.audio.save(f"{uuid.uuid4().hex}.mp3", ContentFile(recording.mp3), save=False)
        offer.save()
    return offer


def _small(file: File) -> Recording:
    """The upload as a lesson's recording. OfferRefused with words."""
    if (file.size or 0) > MAX_UPLOAD:
        raise OfferRefused(_("This file is too large: at most 3 MB. A recording of 20 seconds is much smaller."))
    file.seek(0)
    try:
        return small_mp3(file.read())
    except NotASound as error:
        if error.reason == "long":
            words = _("The recording is too long: at most %(most)s seconds. Please say it more briefly.")
            raise OfferRefused(words % {"most": MAX_SECONDS}) from error
        raise OfferRefused(sound_words(error)) from error


def withdraw_voice(pk: int, *, by: User) -> None:
    """The person who recorded it takes back what still waits; row and file go. OfferRefused if nothing waits."""
    with transaction.atomic():
        row = VoiceOffer.objects.select_for_update().filter(pk=pk, offered_by=by).first()
        if row is None or not row.is_waiting:
            raise OfferRefused(_("This recording does not wait any more: somebody has decided on it."))
        drop_sound(row)
        row.delete()


# The editors' side --------------------------------------------------------------------------------------------


def numbers_of(user: Any) -> list[int]:
    """The numbers of the lessons in which this person may change something."""
    mine = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
    pages = LessonPage.objects.filter(pk__in=mine.values("pk"), locale__language_code=TREE, alias_of=None)
    rows = LessonNumber.objects.filter(translation_key__in=pages.values("translation_key"))
    return list(rows.values_list("number", flat=True))


def accept_voice(offer: VoiceOffer, *, by: User) -> bool:
    """Put the recording into the step, in a new version of the lesson. True: published; False: it is in the draft.

    It is published if `by` may publish, nothing else of the lesson waits for publication and no hard rule is broken.
    A recording of the same language and region gives way to it. Raises OfferRefused, PermissionDenied.
    """
    with transaction.atomic():
        row, page = _decidable(offer, by)
        rights = page.permissions_for_user(by)
        if rights.page_locked():
            raise OfferRefused(_("The lesson is locked now: somebody checks it. Please decide later."))
        goes_out = page.live and not page.has_unpublished_changes and rights.can_publish()
        draft = page.get_latest_revision_as_object()
        voices = next((block.value["voices"] for block in draft.steps if str(block.id) == row.step), None)
        if voices is None:
            raise OfferRefused(_("The step is no longer part of the lesson. Please decline the recording."))
        audio = _audio_of(row, page, by)
        _put(voices, audio)
        revision = draft.save_revision(user=by, log_action=True, clean=False)
        goes_out = goes_out and not stopping(draft)
        if goes_out:
            revision.publish(user=by)
        _decide(row, VoiceOffer.State.ACCEPTED, by)
    return goes_out


def decline_voice(offer: VoiceOffer, *, by: User, reason: str) -> None:
    """Say no with a reason that the volunteer reads; the recording goes. Raises OfferRefused, PermissionDenied."""
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise OfferRefused(_("Please say why: the volunteer reads it."))
    with transaction.atomic():
        row, _page = _decidable(offer, by)
        _decide(row, VoiceOffer.State.DECLINED, by, reason)


def _decidable(offer: VoiceOffer, by: User) -> tuple[VoiceOffer, LessonPage]:
    """The row, locked, and its lesson as it is now: live or not."""
    row = VoiceOffer.objects.select_for_update().filter(pk=offer.pk).first()
    if row is None:
        raise OfferRefused(_("The volunteer has taken this recording back."))
    keys = LessonNumber.objects.filter(number=row.number).values("translation_key")
    page = LessonPage.objects.filter(translation_key__in=keys, locale__language_code=TREE).first()
    if page is None or not page.permissions_for_user(by).can_edit():
        raise PermissionDenied
    if not row.is_waiting:
        raise OfferRefused(_("Somebody has decided on this recording already."))
    return row, page


def _decide(row: VoiceOffer, state: str, by: User, reason: str = "") -> None:
    drop_sound(row)
    row.state, row.decided_by, row.decided_at, row.reason = state, by, now(), reason
    row.save(update_fields=["audio", "state", "decided_by", "decided_at", "reason"])


def _audio_of(row: VoiceOffer, page: LessonPage, by: User) -> LessonAudio:
    """The recording in the public media, under a name that tells nothing about the person."""
    place = page.position(row.step)
    words = {"number": row.number, "step": place or "?", "tongue": tongue_name(row.language)}
    title = _("Lesson %(number)s, step %(step)s: %(tongue)s") % words + (f" ({row.region})" if row.region else "")
    with row.audio.open("rb") as file:
        sound = ContentFile(file.read(), name=f"bai-{row.number}-{row.language}-{uuid.uuid4().hex[:12]}.mp3")
    return LessonAudio.objects.create(
        title=title, type="audio", file=sound, duration=row.seconds, language=row.language, region=row.region,
        collection=Collection.get_first_root_node(), uploaded_by_user=by,
    )  # fmt: skip


def _put(voices: Any, audio: LessonAudio) -> None:
    """Into the step's list of recordings: in the place of one that speaks the same, else behind the others."""
    spoken = (audio.language, audio.region)
    same = [place for place, old in enumerate(voices) if old is not None and (old.language, old.region) == spoken]
    if same:
        voices[same[0]] = audio
    elif len(voices) < voices.list_block.meta.max_num:
        voices.append(audio)
    else:
        raise OfferRefused(_("The step has as many recordings as it can hold. Please take one out first."))
