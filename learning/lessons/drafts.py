"""A lesson (saved, or still in an editor's form) as the guard rails see it: learning.guardrails.draft."""

import gzip
from collections.abc import Iterator
from os.path import basename
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import RequestFactory
from django.utils import translation
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from learning.guardrails.draft import Draft, Link, PictureUse, StepSeen, Text
from learning.media.pictures import BASE_FILTER
from learning.reference.models import AppVersion, GlossaryTerm
from learning.voice.models import MachineVoice, voice_key
from learning.voice.speech import provider
from project.lib.clock import today

STREAMS = ("steps", "rehearsal", "quiz")
PLAIN = ("title", "short_title", "summary", "for_whom", "needs", "papers", "warnings", "closing", "keywords")
# What stands alone on a screen and is read aloud, by the last two names of its place without numbers.
ON_SCREEN = {
    ("steps", "text"), ("iphone", "text"), ("rehearsal", "task"), ("rehearsal", "hint"), ("quiz", "question"),
    ("quiz", "hint"),
}  # fmt: skip
# What a drawn phone or an example shows: it may quote a scammer.
QUOTED = {("rows", "text"), ("screen", "title"), ("quiz", "body"), ("quiz", "sender"), ("options", "text")}


def draft_of(page: Any, *, apps: Any = None, weigh: bool = False) -> Draft:
    """The lesson as the rules see it. `apps`: the chosen AppVersions of an unsaved form; `weigh`: draw every step.

    `page` may be unsaved, but needs its place in the tree to be weighed.
    """
    found = _Found()
    found.texts += [Text(name, str(getattr(page, name))) for name in PLAIN if getattr(page, name)]
    for name in STREAMS:
        for number, child in enumerate(getattr(page, name)):
            found.walk(child.block, child.value, f"{name}.{number}")
    tongue = page.tongue
    shown = list(page.apps.all() if apps is None else apps)
    return Draft(
        today=today(),
        texts=tuple(found.texts),
        links=tuple(found.links),
        pictures=tuple(found.pictures),
        steps=tuple(_steps(page, tongue, weigh)),
        practice_count=len(page.rehearsal) + len(page.quiz),
        reviewed_on=page.reviewed_on,
        review_by=page.review_by,
        recheck_reason=page.recheck_reason if page.recheck_since else "",
        unchecked_apps=tuple(app.name for app in shown if is_unchecked(app)),
        jargon=tuple(sorted({_word(term, tongue) for term in GlossaryTerm.objects.all()})),
    )


def is_unchecked(app: AppVersion) -> bool:
    """Whether nobody has yet said which version of the app its screens were compared with."""
    return not app.version or app.checked_on is None


class _Found:
    """Words, addresses and pictures of blocks, gathered by walking them: new blocks come by themselves."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.links: list[Link] = []
        self.pictures: list[PictureUse] = []

    def walk(self, block: Any, value: Any, where: str) -> None:
        """One block with its value at a place such as 'steps.0'."""
        if not value:
            return
        if isinstance(block, ImageBlock):
            alt = "" if value.decorative else value.contextual_alt_text or ""
            self.pictures.append(PictureUse(where, value.title, basename(value.file.name), alt, bool(value.decorative)))
        elif isinstance(block, blocks.StructBlock):
            for name, child in block.child_blocks.items():
                self.walk(child, value.get(name), f"{where}.{name}")
        elif isinstance(block, blocks.ListBlock):
            for number, entry in enumerate(value):
                self.walk(block.child_block, entry, f"{where}.{number}")
        elif isinstance(block, blocks.URLBlock):
            self.links.append(Link(where, value))
        elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
            self.texts.append(Text(where, str(value), kind_of(where)))


def kind_of(where: str) -> str:
    """'screen', 'shown' or 'rest' for a place such as 'steps.0.text'."""
    names = [part for part in where.split(".") if not part.isdigit()]
    last = (names[-2], names[-1]) if len(names) > 1 else ("", names[0])
    return "screen" if last in ON_SCREEN else "shown" if last in QUOTED else "rest"


def _word(term: GlossaryTerm, tongue: str) -> str:
    return (term.term_en or term.term_vi) if tongue == "en" else term.term_vi


def _steps(page: Any, tongue: str, weigh: bool) -> Iterator[StepSeen]:
    values = [child.value for child in page.steps]
    keys = {voice_key(tongue, value["text"] or "") for value in values}
    states = dict(MachineVoice.objects.filter(key__in=keys).values_list("key", "state"))
    for number, value in enumerate(values):
        terms = tuple(_word(term, tongue) for term in value.get("terms") or [] if term is not None)
        yield StepSeen(
            f"steps.{number}", _voice(value, tongue, states), step_weight(page, number + 1) if weigh else None, terms
        )


def _voice(value: Any, tongue: str, states: dict[str, str]) -> str:
    if any(audio is not None and audio.language == tongue for audio in value.get("voices") or []):
        return "recorded"
    if tongue not in spoken_languages():
        return "none"
    return states.get(voice_key(tongue, value["text"] or ""), MachineVoice.State.WAITING)


def spoken_languages() -> frozenset[str]:
    """The languages that this installation's machine voice speaks; none if it is missing."""
    try:
        return provider(settings.VOICE_PROVIDER).LANGUAGES
    except (ImportError, AttributeError):
        return frozenset()


def step_weight(page: Any, number: int) -> int:
    """Bytes of step `number` as a phone fetches it: the page packed as the server packs it, and its picture."""
    from learning.lessons.show import show_step  # it imports the page's model

    value = page.steps[number - 1].value
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
    with translation.override(page.locale.language_code):
        html = show_step(page, RequestFactory().get("/", headers={"host": host}), number).content
    return len(gzip.compress(html, 6)) + picture_bytes(value.get("image"))


def picture_bytes(image: Any) -> int:
    """Bytes of the size that every page can fall back on; 0 for no picture."""
    if not image:
        return 0
    made = image.renditions.filter(filter_spec=BASE_FILTER).first()
    return int(made.file.size) if made is not None else 0
