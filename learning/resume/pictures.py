"""The twelve pictures as they are shown: a drawing of the sprite and one word."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learning.resume.code import PICTURES

WORDS: dict[str, Promise] = {
    "nha": _("house"),
    "ga": _("hen"),
    "dua": _("palm tree"),
    "non": _("hat"),
    "xe": _("bicycle"),
    "ca": _("fish"),
    "meo": _("cat"),
    "lua": _("rice"),
    "am": _("teapot"),
    "thuyen": _("boat"),
    "sao": _("star"),
    "quat": _("fan"),
}


@dataclass(frozen=True)
class Drawn:
    """One picture: its name in addresses, its icon in the sprite, its word in the language of the page."""

    key: str
    icon: str
    word: str


def drawn(keys: Iterable[str] = PICTURES) -> list[Drawn]:
    """These pictures, all twelve without `keys`. KeyError for a name that is none."""
    return [Drawn(key, f"pic-{key}", str(WORDS[key])) for key in keys]
