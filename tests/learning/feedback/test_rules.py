"""The rules of the counts: what a report may say, who left, which step is the worst."""

import json

import pytest

from learning.feedback.rules import MOST_EACH, StepCounts, counts_of, read_report, step_counts_of

PLACES = {"cover", "one", "two", "end"}


def read(report: object) -> dict[tuple[str, str], int]:
    return read_report(json.dumps(report).encode(), PLACES)


def test_it_reads_what_happened_at_each_place() -> None:
    assert read({"one": "shhab", "two": "smt"}) == {
        ("one", "shown"): 1, ("one", "heard"): 2, ("one", "again"): 1, ("one", "back"): 1,
        ("two", "shown"): 1, ("two", "missed"): 1, ("two", "hint"): 1,
    }  # fmt: skip


def test_it_leaves_out_what_it_does_not_know() -> None:
    assert read({"three": "s", "one": "xS1 s", "": "s", "end": ""}) == {("one", "shown"): 1}


def test_one_report_counts_little_however_often_it_says_so() -> None:
    assert read({"one": "s" * 900}) == {("one", "shown"): MOST_EACH}


@pytest.mark.parametrize("kind", ["stuck", "useful", "asked"])
def test_a_phone_cannot_report_what_the_servers_own_forms_count(kind: str) -> None:
    assert not any(told == kind for _place, told in read({"one": "abcdefghijklmnopqrstuvwxyz"}))


@pytest.mark.parametrize(
    "body",
    [b"", b"s=1", b"[]", b'"s"', b"null", b'{"one": 1}', b'{"one": {"s": 1}}', b'{"one": "s", "two": null}',
     b"\xff\xfe", b"[" * 2000, b'{"one": "s"'],
)  # fmt: skip
def test_anything_else_is_no_report(body: bytes) -> None:
    with pytest.raises(ValueError, match="no report"):
        read_report(body, PLACES)


def test_who_is_not_shown_the_next_place_has_left() -> None:
    found = {"cover": {"shown": 20}, "one": {"shown": 18}, "two": {"shown": 9, "stuck": 4}, "end": {"shown": 11}}
    counts = counts_of(["cover", "one", "two", "end"], found)
    assert [counts[place].left for place in ("cover", "one", "two", "end")] == [2, 9, 0, 0]
    assert counts["two"].stuck == 4


def test_a_place_without_counts_is_empty() -> None:
    assert counts_of(["cover", "end"], {})["cover"].is_empty
    assert not step_counts_of({"hint": 1}).is_empty


def test_one_phone_does_not_make_a_step_the_worst() -> None:
    hard_for_many = StepCounts(shown=100, left=30, stuck=10)
    hard_for_one = StepCounts(shown=1, left=1, hint=1)
    easy = StepCounts(shown=100, heard=90)
    assert hard_for_many.trouble > hard_for_one.trouble > easy.trouble == 0


def test_asking_a_person_weighs_more_than_asking_the_page() -> None:
    assert StepCounts(shown=20, asked=2).trouble > StepCounts(shown=20, hint=2).trouble
    assert StepCounts(shown=20, left=2).trouble > StepCounts(shown=20, again=2).trouble
