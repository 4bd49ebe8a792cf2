"""What is said of a text: as people say it."""

import pytest

from learning.voice.words import SAID, as_said, sayable, sentences, spoken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bác mở VNeID.", "Bác mở vi nê i đê."),
        ("Bác chạm ô «Kích hoạt».", "Bác chạm ô, Kích hoạt."),
        ("«Tiếp» là ô xanh.", "Tiếp, là ô xanh."),
        ("Bác chạm «Tiếp» rồi chờ.", "Bác chạm, Tiếp, rồi chờ."),
        ("Mã OTP về máy, mã PIN thì không.", "Mã ô tê pê về máy, mã pin thì không."),
        ("Quét mã QR bằng NFC.", "Quét mã kiu a bằng en ép xê."),
        ("Thẻ CCCD, thẻ BHYT.", "Thẻ căn cước công dân, thẻ bảo hiểm y tế."),
        ("Bật Wi-Fi, 3G hay 4G.", "Bật oai phai, ba gờ hay bốn gờ."),
        ("Tin SMS, tin Zalo.", "Tin ét em ét, tin da lô."),
        ("CH Play trên Android, App Store trên iPhone.", "xê hát pờ lây trên an đroi, áp xờ to trên ai phôn."),
        ("Đừng mở tệp .apk.", "Đừng mở tệp chấm a pê ca."),
        ("Vào dichvucong.gov.vn.", "Vào dịch vụ công chấm gốp chấm vi en."),
        ("Vào https://vneid.gov.vn/ nhé.", "Vào vi nê i đê chấm gốp chấm vi en nhé."),
        ("Hạn 30/11/2026, tháng 12/2026.", "Hạn 30 tháng 11 năm 2026, tháng tháng 12 năm 2026."),
        ("Mở lúc 7h30, 8:00 hay 9h.", "Mở lúc 7 giờ 30, 8 giờ hay 9 giờ."),
        ("Bước 3/9, 50 %.", "Bước 3 trên 9, 50 phần trăm."),
        ("Rồi – thôi…", "Rồi, thôi."),
        ("Mã ••••••.", "Mã."),
        ("Applause, linking, webcam.", "Applause, linking, webcam."),
    ],
)
def test_vietnamese_is_said_as_people_say_it(text: str, said: str) -> None:
    assert as_said(text, "vi") == said
    assert as_said(text, "vi-south") == said


def test_english_spells_what_english_people_spell() -> None:
    assert as_said("Open VNeID; keep the OTP.", "en") == "Open V N E I D; keep the O T P."


def test_other_tongues_keep_their_words() -> None:
    assert as_said("唔好讀畀任何人聽。", "yue") == "唔好讀畀任何人聽。"


def test_no_english_words_are_left_to_the_machine() -> None:
    for word, said in SAID["vi"].items():
        assert not any(letter in said for letter in "jwzfJWZF"), word


def test_sentences_are_told_apart() -> None:
    assert sentences("Bác mở bản 2.2. Rồi chờ! Xong chưa?") == ["Bác mở bản 2.2.", "Rồi chờ!", "Xong chưa?"]
    assert sentences("你好。再見。") == ["你好。", "再見。"]


def test_two_writings_that_sound_alike_have_one_voice() -> None:
    assert spoken(" Bác\n mo\u031b\u0309  máy ") == "Bác mở máy"
    assert not sayable("•• …")
