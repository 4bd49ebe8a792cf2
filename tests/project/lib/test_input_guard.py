"""The input guard, on the cases it shares with its twin in JavaScript."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.lib import input_guard

CASES = json.loads((Path(__file__).parents[1] / "input_guard_cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40] or "nothing")
def test_it_finds_what_the_shared_cases_say(case: dict[str, Any]) -> None:
    found = input_guard.check(case["text"], allow_phone=case["allow_phone"])
    assert [finding.kind for finding in found] == case["kinds"]


def test_the_cases_cover_every_kind_and_enough_innocents() -> None:
    assert len(CASES) >= 60
    assert {kind for case in CASES for kind in case["kinds"]} == set(input_guard.KINDS)
    assert sum(not case["kinds"] for case in CASES) >= 30


def test_a_finding_points_at_its_piece_of_the_text() -> None:
    text = "bà Tư, CCCD 001 200 012345, gọi 0912345678"
    pieces = {found.kind: text[found.start : found.end] for found in input_guard.check(text)}
    assert pieces == {"id_number": "001 200 012345", "phone": "0912345678"}


def test_it_points_right_in_decomposed_text_too() -> None:
    text = "ma\u0323\u0302t kha\u0302\u0309u Tu@1950"
    (found,) = input_guard.check(text)
    assert text[found.start : found.end] == "Tu@1950"


def test_it_masks() -> None:
    assert input_guard.masks("CCCD 001 200 012 345 ở nhà") == "CCCD ••• ••• ••• ••• ở nhà"
    assert input_guard.masks("gọi 0912345678") == "gọi ••••••••••"
    assert input_guard.masks("gọi 0912345678", allow_phone=True) == "gọi 0912345678"
    assert input_guard.masks("mật khẩu Tu@1950") == "mật khẩu •••••••"


@given(st.text(max_size=200))
def test_any_text_can_be_checked_and_findings_never_overlap(text: str) -> None:
    end = 0
    for found in input_guard.check(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(st.integers(1, 96), st.integers(0, 10**9 - 1))
def test_every_chip_card_number_is_found(province: int, rest: int) -> None:
    number = f"{province:03d}{rest:09d}"
    assert [found.kind for found in input_guard.check(f"bà Tư {number}", allow_phone=True)] == ["id_number"]
