"""project/docs/learning_features.md says what is true: each row has a verdict, a shipped lesson, a test that exists."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from learning.seeding.files import lesson_files

BASE = Path(__file__).resolve().parents[2]
PAGE = (BASE / "project/docs/learning_features.md").read_text(encoding="utf-8")
VERDICTS = {"equal", "better", "not ours"}


@dataclass(frozen=True)
class Row:
    """One feature."""

    key: str
    feature: str
    verdict: str
    lesson: str
    test: str
    how: str


def rows() -> list[Row]:
    """Every row of the page's tables but their heads."""
    found = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"A?\d+", cells[0]):
            found.append(Row(*cells))
    return found


ROWS = rows()
SHIPPED = {lesson.slug: lesson for lesson in lesson_files()}


def test_the_page_has_every_row_of_the_measure() -> None:
    assert [row.key for row in ROWS] == [str(n) for n in range(1, 53)] + [f"A{n}" for n in range(1, 13)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_every_row_has_its_verdict_and_what_it_needs(row: Row) -> None:
    assert row.verdict in VERDICTS
    assert row.how
    if row.verdict == "not ours":
        assert not row.lesson
        assert not row.test
        return
    assert row.lesson in SHIPPED, f"{row.key}: no shipped lesson is called «{row.lesson}»"
    path, _, name = row.test.partition("::")
    file = BASE / path
    assert file.is_file(), f"{row.key}: {path} does not exist"
    assert re.search(rf"^(?:async )?def {re.escape(name)}\(", file.read_text(encoding="utf-8"), re.M), row.test


@pytest.mark.parametrize("slug", sorted(SHIPPED))
def test_every_shipped_lesson_uses_some_of_them(slug: str) -> None:
    assert slug in {row.lesson for row in ROWS}


# What a lesson must hold to be named in a row: otherwise the row could point anywhere.
USES = {
    "7": lambda words: words.rehearsal,
    "9": lambda words: [step for step in words.steps if step.iphone],
    "10": lambda words: [step for step in words.steps if step.terms or step.do or step.dont],
    "22": lambda words: words.steps,
    "29": lambda words: [step for step in words.steps if step.tracks],
    "36": lambda words: words.quiz,
    "A2": lambda words: words.rehearsal,
    "A5": lambda words: [step for step in words.steps if step.tracks],
    "A11": lambda words: [step for step in words.steps if step.iphone],
}


@pytest.mark.parametrize("key", USES)
def test_the_named_lesson_does_use_the_feature(key: str) -> None:
    row = next(row for row in ROWS if row.key == key)
    assert USES[key](SHIPPED[row.lesson].vi)
