"""Which texts fit the typed words: pure rules."""

import pytest

from learning.search.matching import asked, one_apart, rank


@pytest.mark.parametrize(
    ("first", "second"),
    [("vneid", "vneid"), ("vneid", "vnei"), ("vnei", "vneid"), ("vneit", "vneid"), ("vnied", "vneid")],
)
def test_one_letter_apart_is_near(first: str, second: str) -> None:
    assert one_apart(first, second)


@pytest.mark.parametrize(("first", "second"), [("vneid", "vne"), ("abcde", "abxye"), ("abcde", "edcba"), ("", "ab")])
def test_two_letters_apart_is_far(first: str, second: str) -> None:
    assert not one_apart(first, second)


def test_words_that_say_nothing_are_left_out_unless_there_is_nothing_else() -> None:
    assert asked("Làm thế nào để đổi thẻ BHYT?").words == ("doi", "the", "bhyt")
    assert asked("lam the nao de doi the bhyt").words == ("doi", "bhyt")
    assert asked("ở đâu").words == ("o", "dau")
    assert asked("chụp ảnh").words == ("chup", "anh")  # «ảnh» is no «anh»
    assert asked("how do I change my password").words == ("change", "password")


def test_a_query_has_at_most_ten_words() -> None:
    assert len(asked(" ".join(f"chữ{n}" for n in range(40))).words) == 10


def test_a_short_word_fits_only_whole() -> None:
    assert rank(asked("an sinh"), "Anh em sinh đôi") is None
    assert rank(asked("an sinh"), "Tài khoản an sinh") == 0
    assert rank(asked("muc 2"), "Năm 2026, mức 1") is None
    assert rank(asked("lesson"), "Our lessons") == 1


def test_words_may_stand_in_several_places() -> None:
    assert rank(asked("đổi bhyt"), "Đổi thẻ", "bhyt") == 2
    assert rank(asked("đổi bhyt"), "Đổi thẻ", "", "bảo hiểm bhyt") == 3
