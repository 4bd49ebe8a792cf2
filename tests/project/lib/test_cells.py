"""Cells: days, answers, numbers, and texts that no spreadsheet may run."""

from datetime import date, datetime

import pytest

from project.lib import cells


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-30",
        "30/11/2026",
        "30-11-2026",
        " 30/11/2026 ",
        "2026-11-30 00:00",
        date(2026, 11, 30),
        datetime(2026, 11, 30, 8, 0),
    ],
)
def test_days_are_read(value: str | date) -> None:
    assert cells.parse_day(value) == date(2026, 11, 30)


@pytest.mark.parametrize("value", ["31/02/2026", "11/30/2026", "30/11/26", "46356", "mai", "30.11.2026", "01/01/0026"])
def test_other_days_are_refused(value: str) -> None:
    with pytest.raises(cells.CellError) as refusal:
        cells.parse_day(value)
    assert refusal.value.code == "day"
    assert "30/11/2026" in str(refusal.value)


def test_answers_are_read() -> None:
    assert all(cells.parse_yes_no(word) is True for word in ["Có", "CO", "x", "X", "1", "yes", "co\u0301", "TRUE"])
    assert all(cells.parse_yes_no(word) is False for word in ["Không", "khong", "0", "No", "chưa"])
    with pytest.raises(cells.CellError):
        cells.parse_yes_no("có lẽ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.250", 1250),
        ("1.250.000", 1250000),
        ("1 250", 1250),
        ("1.250,5", 1250.5),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("7", 7),
        ("-3", -3),
        ("1.1250", 1.125),
    ],
)
def test_numbers_are_read_as_vietnamese_write_them(text: str, value: float) -> None:
    assert cells.parse_number(text) == value


def test_a_fraction_of_a_real_number_is_no_thousand() -> None:
    assert cells.parse_number(cells.cell_text(1.125)) == 1.125
    assert cells.parse_number(1.125) == 1.125


@pytest.mark.parametrize("text", ["11.812", "11,812", "11.8120"])
def test_measures_have_no_thousands(text: str) -> None:
    assert cells.parse_decimal(text) == 11.812


def test_amounts_know_percents() -> None:
    assert cells.parse_amount("1.250") == (1250, False)
    assert cells.parse_amount("80 %") == (80, True)
    assert cells.parse_amount("97,5%") == (97.5, True)
    assert cells.parse_amount("") is None
    with pytest.raises(cells.CellError):
        cells.parse_amount("%")


@pytest.mark.parametrize("text", ["nan", "inf", "1e5", "12 người", "1.2.3", "٣٣ "])
def test_other_numbers_are_refused(text: str) -> None:
    if text.strip() == "٣٣":
        assert cells.parse_number(text) == 33  # digits of another script are digits
        return
    with pytest.raises(cells.CellError):
        cells.parse_number(text)


def test_nothing_is_nothing() -> None:
    assert [cells.parse_day(""), cells.parse_yes_no(" "), cells.parse_number(None)] == [None] * 3
    assert cells.cell_text(float("nan")) == cells.cell_text(None) == ""


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_formulas_are_disarmed_and_come_back(text: str) -> None:
    assert cells.safe_cell(text) == "'" + text
    assert cells.cell_text(cells.safe_cell(text)) == text.strip() or text[0] in "\t\r"


def test_other_texts_stay() -> None:
    assert cells.safe_cell("Thôn 1") == "Thôn 1"
    assert cells.cell_text("'tis") == "'tis"
    assert cells.cell_text("'0912345678") == "0912345678"
