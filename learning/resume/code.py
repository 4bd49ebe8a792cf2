"""A place of a lesson as three pictures out of twelve: to remember, to draw on paper, to tap on any phone. Pure.

Nothing is kept anywhere: the pictures are the place. Every three pictures in an order mean one place, and each place
has one such three.
"""

from typing import NamedTuple

# Words without marks, as they stand in addresses (`?hinh=ga-nha-ca`); the order is for ever: it is what paper carries.
PICTURES = ("nha", "ga", "dua", "non", "xe", "ca", "meo", "lua", "am", "thuyen", "sao", "quat")
BASE = len(PICTURES)
LESSONS, STEPS = BASE * BASE, BASE

# Each picture is a sum of the lesson's two digits and the step, mod 12. The three rows can be undone together (their
# determinant shares no divisor with 12), and no step of one, in lesson or step, leaves any picture as it was: what is
# beside each other looks different. Chosen by trial so that the first 36 lessons seldom need the same picture twice.
_ROWS = ((7, 11, 10, 6), (8, 5, 4, 1), (6, 11, 9, 0))  # per picture: lesson's high digit, low digit, step, start


class Place(NamedTuple):
    """A step of a lesson: the lesson's short number (1 to 144) and the step as shown (1 to 12)."""

    number: int
    step: int


def has_code(number: int, step: int) -> bool:
    """Whether a place is one of those that three pictures can tell."""
    return 1 <= number <= LESSONS and 1 <= step <= STEPS


def pictures_of(number: int, step: int) -> tuple[str, ...]:
    """The three pictures of a place. ValueError beyond lesson 144 or step 12."""
    if not has_code(number, step):
        raise ValueError(f"no three pictures for lesson {number}, step {step}")
    high, low = divmod(number - 1, BASE)
    return tuple(PICTURES[(a * high + b * low + c * (step - 1) + start) % BASE] for a, b, c, start in _ROWS)


def place_of(pictures: tuple[str, ...]) -> Place:
    """The place that three pictures mean. ValueError for anything else than three of the twelve."""
    try:
        return _PLACES[pictures]
    except KeyError:
        raise ValueError(f"no place for {pictures!r}") from None


def read(text: str) -> tuple[str, ...] | None:
    """'ga-nha' → ('ga', 'nha'); '' → (): up to three pictures in order. None for anything else."""
    names = tuple(text.split("-")) if text else ()
    return names if len(names) <= 3 and all(name in PICTURES for name in names) else None


_PLACES = {
    pictures_of(number, step): Place(number, step) for number in range(1, LESSONS + 1) for step in range(1, STEPS + 1)
}
