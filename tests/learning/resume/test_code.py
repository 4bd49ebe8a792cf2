"""Three pictures and a place of a lesson are the same thing, both ways."""

from itertools import product

import pytest

from learning.resume.code import LESSONS, PICTURES, STEPS, has_code, pictures_of, place_of, read

ALL = list(product(range(1, LESSONS + 1), range(1, STEPS + 1)))


def test_it_gives_every_place_three_pictures_of_its_own() -> None:
    codes = {pictures_of(number, step) for number, step in ALL}
    assert len(ALL) == len(codes) == 1728
    assert all(len(code) == 3 and set(code) <= set(PICTURES) for code in codes)


def test_it_finds_every_place_again() -> None:
    for place in ALL:
        assert place_of(pictures_of(*place)) == place


def test_it_understands_every_three_pictures() -> None:
    for code in product(PICTURES, repeat=3):
        assert pictures_of(*place_of(code)) == code


def test_neighbouring_steps_share_no_picture_in_the_same_place() -> None:
    for number, step in ALL:
        for beside in ((number, step + 1), (number + 1, step)):
            if has_code(*beside):
                pairs = zip(pictures_of(number, step), pictures_of(*beside), strict=True)
                assert all(one != other for one, other in pairs), (number, step, beside)


def test_the_first_lessons_begin_with_three_different_pictures() -> None:
    assert all(len(set(pictures_of(number, 1))) == 3 for number in range(1, 37))


def test_what_stands_on_paper_never_changes() -> None:
    """These cards are printed: whoever changes the code breaks them."""
    assert pictures_of(1, 1) == ("meo", "ga", "nha")
    assert pictures_of(1, 2) == ("xe", "ca", "thuyen")
    assert pictures_of(20, 7) == ("meo", "am", "ca")
    assert pictures_of(144, 12) == ("dua", "am", "sao")


@pytest.mark.parametrize("place", [(0, 1), (1, 0), (145, 1), (1, 13), (-3, 2)])
def test_it_refuses_places_beyond_its_range(place: tuple[int, int]) -> None:
    assert not has_code(*place)
    with pytest.raises(ValueError):
        pictures_of(*place)


@pytest.mark.parametrize("pictures", [(), ("ga",), ("ga", "ga"), ("ga", "nha", "bo"), ("ga", "nha", "ca", "ca")])
def test_it_refuses_what_is_not_three_pictures(pictures: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        place_of(pictures)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()), ("ga", ("ga",)), ("ga-nha", ("ga", "nha")), ("ga-ga-ga", ("ga", "ga", "ga")),
        ("ga-", None), ("GA", None), ("bo", None), ("ga-nha-ca-meo", None), ("gà", None), ("-", None),
    ],
)  # fmt: skip
def test_it_reads_an_address(text: str, found: tuple[str, ...] | None) -> None:
    assert read(text) == found
