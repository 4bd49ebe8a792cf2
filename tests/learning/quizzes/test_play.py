"""Where an answer leads: pure tables."""

import pytest

from learning.quizzes.play import Turn, choices, question_in, real_or_fake, turn_of

ANSWERS = choices([("a", "Chưa hẳn.", False), ("b", "Đúng rồi ạ.", True), ("c", "Chưa hẳn.", False)])


def turn(number: int, chosen: str | None = None) -> Turn:
    return turn_of(number, chosen, ANSWERS, questions=3, after="?buoc=xong", before="?thu=2")


@pytest.mark.parametrize("chosen", [None, "1", "2", "junk"])
@pytest.mark.parametrize(
    ("number", "next_href", "back_href"),
    [(1, "?cau=2", "?thu=2"), (2, "?cau=3", "?cau=1"), (3, "?buoc=xong", "?cau=2")],
)
def test_next_and_back_are_the_same_whatever_was_answered(
    number: int, next_href: str, back_href: str, chosen: str | None
) -> None:
    found = turn(number, chosen)
    assert (found.next_href, found.back_href, found.href) == (next_href, back_href, f"?cau={number}")


@pytest.mark.parametrize(
    ("chon", "chosen", "is_right"),
    [
        (None, 0, False), ("", 0, False), ("0", 0, False), ("1", 1, False), ("2", 2, True), ("3", 3, False),
        ("4", 3, False), ("-2", 0, False), ("x", 0, False), ("²", 0, False),
    ],
)  # fmt: skip
def test_an_answer_is_bent_into_its_range(chon: str | None, chosen: int, is_right: bool) -> None:
    found = turn(1, chon)
    assert (found.chosen, found.is_right) == (chosen, is_right)


@pytest.mark.parametrize("place", ["0", "4", "x", "", "01x"])
def test_it_knows_no_question_but_those_of_the_lesson(place: str) -> None:
    assert question_in(place, 3) is None


def test_real_and_fake_are_one_and_two() -> None:
    for fake in (True, False):
        real_answer, fake_answer = real_or_fake(("Thật", "Giả"), "Vì thế.", fake=fake)
        assert (real_answer.number, fake_answer.number) == (1, 2)
        assert (real_answer.right, fake_answer.right) == (not fake, fake)
        assert real_answer.why == fake_answer.why == "Vì thế."
