"""A lesson as the rules see it: plain words with their places, whoever holds them (a page, an unsaved form). Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Text:
    """Words with their place, as 'steps.2.text'.

    `kind`: 'screen' stands alone on a screen and is read aloud; 'rest' is everything else that we say; 'shown' is
    what a drawn phone or an example shows, perhaps a scammer's words.
    """

    where: str
    words: str
    kind: str = "rest"


@dataclass(frozen=True)
class Link:
    """An address in a field of its own."""

    where: str
    url: str


@dataclass(frozen=True)
class PictureUse:
    """An uploaded picture with what people can read of it."""

    where: str
    title: str
    file_name: str
    alt: str
    is_decorative: bool = False


@dataclass(frozen=True)
class StepSeen:
    """What is known of one step beside its words.

    `voice`: 'recorded', 'ready', 'waiting', 'failed', or 'none' where no machine speaks the language;
    `weight`: bytes on the wire with its picture, without voice; None where nobody weighed it;
    `terms`: the glossary words that the step explains.
    """

    where: str
    voice: str = "waiting"
    weight: int | None = None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """One language of one lesson. `jargon`: every glossary word in that language; `today`: the day of the question."""

    today: date
    texts: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[PictureUse, ...] = ()
    steps: tuple[StepSeen, ...] = ()
    practice_count: int = 0  # rehearsal screens and questions together
    reviewed_on: date | None = None
    review_by: date | None = None
    recheck_reason: str = ""  # why somebody should look at it again; '' for no reason
    unchecked_apps: tuple[str, ...] = ()  # apps that it shows and whose version nobody checked
    jargon: tuple[str, ...] = ()
