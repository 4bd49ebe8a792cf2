"""Keys that sort by birth, codes that can be read aloud."""

import threading
from uuid import UUID

import pytest

from project.lib import clock, ids


def test_ids_are_uuid7_of_now_and_each_is_greater_than_the_one_before() -> None:
    before = clock.wall_milliseconds()
    made = [ids.new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(ids.is_uuid7(value) for value in made[:100])
    assert before - 60_000 <= made[0].int >> 80 <= clock.wall_milliseconds() + 60_000


def test_ids_never_repeat_across_threads() -> None:
    made: list[UUID] = []

    def mint() -> None:
        made.extend(ids.new_id() for _ in range(2_000))

    threads = [threading.Thread(target=mint) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_ids_keep_their_order_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.new_id()
    monkeypatch.setattr(ids, "wall_milliseconds", lambda: (first.int >> 80) - 5_000)
    assert ids.new_id() > first


def test_a_full_counter_borrows_the_next_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.new_id()
    monkeypatch.setattr(ids, "wall_milliseconds", lambda: 0)
    monkeypatch.setattr(ids, "_counter", (1 << 42) - 1)
    following = ids.new_id()
    assert following > first
    assert ids.is_uuid7(following)


@pytest.mark.parametrize(
    "value",
    [
        UUID("2050ca2c-4089-4f44-a90f-e8babd9d69b1"),
        "2050ca2c-4089-4f44-a90f-e8babd9d69b1",
        "no",
        "",
        None,
        7,
        "01a2010cd98772a1a1adf40f3d2e6ea8",
    ],
)
def test_other_values_are_not_uuid7(value: object) -> None:
    assert not ids.is_uuid7(value)


def test_text_of_a_uuid7_is_one() -> None:
    assert ids.is_uuid7(str(ids.new_id()))


def test_codes_hold_no_confusable_character_and_always_a_letter() -> None:
    codes = [ids.lookup_code() for _ in range(5_000)]
    assert not set("".join(codes)) & set("01OILBSUZAEIY")
    assert all(len(code) == 8 and not code.isdigit() for code in codes)
    assert len(set(codes)) == 5_000


def test_a_code_that_can_be_guessed_is_not_made() -> None:
    with pytest.raises(ValueError):
        ids.lookup_code(3)


def test_a_typed_code_is_cleaned() -> None:
    assert ids.clean_code(" vm4f-grf7. ") == "VM4FGRF7"
