"""What a phone may report of a lesson, and what the counts say about a step. Pure: no Django."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

COVER, END, WHOLE = "cover", "end", ""  # places of a lesson that are no step; '' is the lesson as a whole
MOST_BYTES = 2048  # of one report
MOST_EACH = 5  # of one kind at one place in one report
LEAST_SHOWN = 10  # below that a percentage says nothing

# One letter for each thing that happened, as static/learning/lesson.js writes them.
LETTERS = {"s": "shown", "h": "heard", "a": "again", "b": "back", "t": "hint", "m": "missed"}

Counts = dict[tuple[str, str], int]  # (place, kind) → how often


def read_report(body: bytes, places: Collection[str]) -> Counts:
    """A phone's report `{"<place>": "shh"}` as counts of known places and kinds, each at most MOST_EACH.

    Unknown places and letters are left out: the lesson may have changed since. ValueError if it is no such object.
    """
    try:
        report = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError("no report") from error
    if not isinstance(report, dict) or not all(isinstance(told, str) for told in report.values()):
        raise ValueError("no report")
    return {
        (place, kind): min(told.count(letter), MOST_EACH)
        for place, told in report.items()
        if place in places
        for letter, kind in LETTERS.items()
        if letter in told
    }


@dataclass(frozen=True)
class StepCounts:
    """What happened at one place of a lesson. `left`: shown here, but not the place after it.

    `shown` counts a place once a visit, all others every time. `asked` and `stuck` come from the server's own forms,
    also from phones without JavaScript, so they may exceed `shown`.
    """

    shown: int = 0
    left: int = 0
    again: int = 0
    hint: int = 0
    missed: int = 0
    stuck: int = 0
    asked: int = 0
    back: int = 0
    heard: int = 0

    @property
    def trouble(self) -> float:
        """How hard the place is, for putting the worst first: signs of trouble for each time it was shown.

        Asking a person weighs most, leaving less, asking the page least. Few showings weigh little.
        """
        signs = 3 * (self.stuck + self.asked) + 2 * self.left + self.again + self.hint + self.missed + self.back
        return signs / max(self.shown, LEAST_SHOWN)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted."""
        return not any((self.shown, self.again, self.hint, self.missed, self.stuck, self.asked, self.back, self.heard))


def counts_of(order: Sequence[str], found: Mapping[str, Mapping[str, int]]) -> dict[str, StepCounts]:
    """The counts of each place. `order`: the places as a learner meets them; `found`: place → kind → how often."""
    counts: dict[str, StepCounts] = {}
    following = [*order[1:], None]
    for place, after in zip(order, following, strict=True):
        here = dict(found.get(place, {}))
        shown = here.get("shown", 0)
        left = max(0, shown - found.get(after, {}).get("shown", 0)) if after is not None else 0
        counts[place] = step_counts_of(here, left)
    return counts


def step_counts_of(here: Mapping[str, int], left: int = 0) -> StepCounts:
    """One place's counts by kind; kinds that belong to the whole lesson are left out."""
    kinds = ("shown", "again", "hint", "missed", "stuck", "asked", "back", "heard")
    return StepCounts(left=left, **{kind: here.get(kind, 0) for kind in kinds})
