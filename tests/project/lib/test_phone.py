"""Phone numbers as people write them, and what is said about those that cannot be used."""

import pytest

from project.lib import phone


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912.345.678",
        " 0912 345 678 ",
        "0912-345-678",
        "0912–345–678",
        "(0912) 345 678",
        "+84 912 345 678",
        "+84 (0) 912 345 678",
        "84912345678",
        "0084912345678",
        "912345678",
        "０９１２３４５６７８",
    ],
)
def test_every_usual_writing_is_one_number(text: str) -> None:
    assert phone.parse(text) == "+84912345678"
    assert phone.looks_like_phone(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("bà Tư", "not_a_number"),
        ("091234567", "too_short"),
        ("0911", "too_short"),
        ("1", "too_short"),
        ("09123456789", "too_long"),
        ("0912345678 hoặc 0987654321", "several"),
        ("0912345678/0987654321", "several"),
        ("01681234567", "old_prefix"),
        ("+84 168 123 4567", "old_prefix"),
        ("1681234567", "old_prefix"),
        ("0551234567", "unknown_prefix"),
        ("19001234", "not_personal"),
        ("1900545436", "not_personal"),
        ("+1 650 253 0000", "foreign"),
    ],
)
def test_it_refuses_with_the_right_advice(text: str, code: str) -> None:
    with pytest.raises(phone.PhoneError) as refusal:
        phone.parse(text)
    assert refusal.value.code == code
    assert str(refusal.value)
    assert not phone.looks_like_phone(text)


def test_the_advice_for_an_old_number_names_the_new_one() -> None:
    with pytest.raises(phone.PhoneError) as refusal:
        phone.parse("0168.123.4567")
    assert refusal.value.params == {"number": "0381 234 567"}
    assert "0381 234 567" in str(refusal.value)


def test_every_old_prefix_leads_to_a_valid_number() -> None:
    for old in phone._OLD_PREFIXES:
        with pytest.raises(phone.PhoneError) as refusal:
            phone.parse(old + "6234567")
        assert refusal.value.code == "old_prefix"
        assert len(refusal.value.params["number"].replace(" ", "")) == 10


def test_landlines_are_taken_unless_a_mobile_is_needed() -> None:
    assert phone.parse("0251 3822 000") == "+842513822000"
    assert phone.parse("0912345678", mobile=True) == "+84912345678"
    with pytest.raises(phone.PhoneError) as refusal:
        phone.parse("02513822000", mobile=True)
    assert refusal.value.code == "not_mobile"


def test_it_shows_and_masks() -> None:
    assert phone.local("+84912345678") == "0912 345 678"
    assert phone.mask("+84912345678") == "09•• ••• 678"
    assert phone.mask("+842513822000") == "02•• •••• 000"
    assert phone.parse(phone.local("+842513822000")) == "+842513822000"


def test_only_stored_numbers_are_shown() -> None:
    with pytest.raises(ValueError):
        phone.mask("0912345678")
