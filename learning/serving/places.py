"""Numbers that stand in addresses: places that exist or do not, and counts that are bent into their range. Pure."""


def place_in(text: str | None, count: int) -> int | None:
    """'2' of 5 → 2, counted from 1; None for anything that is no place ('0', '6', '٢', 'x', '')."""
    number = _number(text)
    return number if number is not None and 1 <= number <= count else None


def bent(text: str | None, most: int) -> int:
    """A count from 0 to `most`: what is larger becomes `most`, what is none becomes 0. Never an error."""
    number = _number(text)
    return min(number, most) if number is not None else 0


def _number(text: str | None) -> int | None:
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdecimal() else None
