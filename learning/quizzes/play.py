"""A question as plain values: its answers, the chosen one, and where one goes from there. No score. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from learning.serving.places import bent, place_in

REAL, FAKE = 1, 2  # the answers of «real or fake»


@dataclass(frozen=True)
class Answer:
    """One answer, numbered from 1, and whether it is right. `why`: the words that follow it."""

    number: int
    text: str
    why: str
    right: bool


@dataclass(frozen=True)
class Turn:
    """One question: its number from 1, how many there are, the chosen answer (0: none yet)."""

    number: int
    count: int
    chosen: int
    answers: tuple[Answer, ...]
    next_href: str
    back_href: str

    @property
    def href(self) -> str:
        """The question without an answer."""
        return f"?cau={self.number}"

    @property
    def is_right(self) -> bool:
        """Whether the chosen answer is the right one."""
        return any(answer.right for answer in self.answers if answer.number == self.chosen)


def question_in(place: str, questions: int) -> int | None:
    """The number of the question that `?cau=` names; None for one that does not exist."""
    return place_in(place, questions)


def turn_of(
    number: int, chosen: str | None, answers: Sequence[Answer], *, questions: int, after: str, before: str
) -> Turn:
    """The turn of question `number` with `?chon=chosen`.

    `after`, `before`: where «Next» of the last question and «Back» of the first one lead.
    """
    return Turn(
        number,
        questions,
        bent(chosen, len(answers)),
        tuple(answers),
        next_href=f"?cau={number + 1}" if number < questions else after,
        back_href=f"?cau={number - 1}" if number > 1 else before,
    )


def choices(options: Sequence[tuple[str, str, bool]]) -> tuple[Answer, ...]:
    """The answers of a question: (words, why, right), in the editor's order."""
    return tuple(Answer(number, text, why, right) for number, (text, why, right) in enumerate(options, 1))


def real_or_fake(words: tuple[str, str], why: str, *, fake: bool) -> tuple[Answer, Answer]:
    """The two answers of «real or fake», with their words in the reader's language."""
    return Answer(REAL, words[0], why, not fake), Answer(FAKE, words[1], why, fake)
