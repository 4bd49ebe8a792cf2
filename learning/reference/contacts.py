"""Numbers that may be called, as plain values: of a commune and of the whole country."""

import re
from dataclasses import dataclass

from learning.reference.models import HelpContact


@dataclass(frozen=True)
class HelpCard:
    """A number with whom it reaches and when to call; texts in the language of the page. `is_local`: the commune's."""

    name: str
    note: str
    phone: str
    is_local: bool

    @property
    def dial(self) -> str:
        """The number as a `tel:` address takes it: digits, with the + of a country code."""
        return re.sub(r"(?!^\+)[^0-9]", "", self.phone.strip())


def help_contacts(area_code: str) -> list[HelpCard]:
    """Who may be called from a commune (its code, '' for nowhere in particular): its own first, then the country's."""
    rows = HelpContact.objects.filter(area_code__in={"", area_code}).order_by("key")
    cards = [HelpCard(row.name, row.note, row.phone, bool(row.area_code)) for row in rows]
    return sorted(cards, key=lambda card: not card.is_local)


def local_contact(contacts: list[HelpCard]) -> HelpCard | None:
    """The one to call first: the commune's; None where it has written down none."""
    return next((card for card in contacts if card.is_local), None)
