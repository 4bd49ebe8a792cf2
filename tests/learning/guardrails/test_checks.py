"""The guard rails over a whole lesson: each rule sees what it is for, and leaves good lessons alone."""

from dataclasses import replace
from datetime import date

import pytest

from learning.guardrails.checks import blocks, findings
from learning.guardrails.draft import Draft, Link, PictureUse, StepSeen, Text
from learning.guardrails.rules import Finding, has_number, sentences

DAY = date(2026, 11, 2)
GOOD = Draft(
    today=DAY,
    texts=(
        Text("title", "Bật Wi-Fi ở nhà"),
        Text("steps.0.text", "Bác mở phần «Cài đặt».", "screen"),
        Text("steps.1.text", "Bác gõ mật khẩu Wi-Fi.", "screen"),
        Text("quiz.0.body", "Bấm vào vneid-gov.top ngay!", "shown"),
    ),
    links=(Link("steps.0.link.url", "https://dichvucong.gov.vn/"),),
    pictures=(PictureUse("steps.0.image", "Màn hình", "man-hinh.png", "Màn hình cài đặt"),),
    steps=(StepSeen("steps.0", "ready", 20_000), StepSeen("steps.1", "waiting", 21_000, ("Mật khẩu",))),
    practice_count=1,
    reviewed_on=DAY,
    review_by=date(2027, 5, 1),
    jargon=("Mật khẩu", "Trình duyệt"),
)


def codes(draft: Draft) -> set[tuple[str, str, str]]:
    return {(one.level, one.code, one.where) for one in findings(draft)}


def with_text(words: str, where: str = "steps.0.text", kind: str = "screen") -> Draft:
    return replace(GOOD, texts=(Text(where, words, kind),))


def test_a_good_lesson_has_no_findings() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("words", "level", "code"),
    [
        ("Bác chạm. Bác chờ. Bác xem.", "block", "sentences"),
        ("Bác chạm vào ô màu xanh ở giữa màn hình rồi chờ một chút cho máy chạy nhé.", "warn", "long_sentence"),
        ("Bác " + "chạm vào ô xanh " * 7 + ".", "block", "long_sentence"),
        ("Bác mở trang vneid-gov.top.", "block", "link"),
        ("Bác gọi số 0912 345 678.", "block", "phone"),
        ("Số căn cước là 001200012345.", "block", "id_like"),
        ("Bác đọc mã OTP cho cháu.", "block", "asks_for_secret"),
        ("Bác vui lòng chạm ô xanh.", "warn", "stiff"),
        ("Bác chạm KÍCH HOẠT TÀI KHOẢN.", "warn", "capitals"),
    ],
)
def test_it_sees_what_is_wrong_with_a_text(words: str, level: str, code: str) -> None:
    assert (level, code, "steps.0.text") in codes(with_text(words))


def test_an_example_may_show_a_false_address_but_no_number_of_a_person() -> None:
    assert codes(with_text("Vào vneid-gov.top nhé", "quiz.0.body", "shown")) == set()
    assert ("block", "id_like", "quiz.0.body") in codes(with_text("CCCD 001200012345", "quiz.0.body", "shown"))


def test_warning_against_a_secret_is_not_asking_for_it() -> None:
    assert not blocks(findings(with_text("Bác không đọc mã OTP cho ai.")))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"steps": (StepSeen("steps.0"),) * 13}, ("block", "steps", "steps")),
        ({"steps": ()}, ("warn", "no_steps", "steps")),
        ({"practice_count": 0}, ("warn", "no_practice", "rehearsal")),
        ({"reviewed_on": None}, ("warn", "not_reviewed", "reviewed_on")),
        ({"review_by": None}, ("warn", "review_missing", "review_by")),
        ({"review_by": date(2026, 11, 1)}, ("warn", "review_passed", "review_by")),
        ({"recheck_reason": "VNeID 2.3"}, ("warn", "recheck", "reviewed_on")),
        ({"unchecked_apps": ("VNeID",)}, ("warn", "app_unchecked", "apps")),
        ({"steps": (StepSeen("steps.0", "failed"),)}, ("warn", "no_voice", "steps.0.voices")),
        ({"steps": (StepSeen("steps.0", "none"),)}, ("warn", "no_voice", "steps.0.voices")),
        ({"steps": (StepSeen("steps.0", "ready", 41_000),)}, ("warn", "heavy", "steps.0")),
        ({"steps": (StepSeen("steps.0", "ready", 101_000),)}, ("block", "heavy", "steps.0")),
        ({"links": (Link("steps.0.link.url", "http://dichvucong.gov.vn"),)}, ("block", "link", "steps.0.link.url")),
        ({"pictures": (PictureUse("steps.0.image", "x", "x.png", ""),)}, ("block", "no_alt", "steps.0.image")),
        (
            {"pictures": (PictureUse("steps.0.image", "x", "cccd_001200012345.png", "Ảnh"),)},
            ("block", "picture_number", "steps.0.image"),
        ),
        (
            {"pictures": (PictureUse("steps.0.image", "Thẻ 001200012345", "x.png", "Ảnh"),)},
            ("block", "picture_number", "steps.0.image"),
        ),
    ],
)
def test_it_sees_what_is_wrong_with_a_lesson(changes: dict[str, object], expected: tuple[str, str, str]) -> None:
    assert expected in codes(replace(GOOD, **changes))  # type: ignore[arg-type]


def test_a_decorative_picture_needs_no_words() -> None:
    picture = PictureUse("steps.0.image", "x", "x.png", "", is_decorative=True)
    assert findings(replace(GOOD, pictures=(picture,))) == []


def test_a_hard_word_is_explained_where_it_first_stands_or_before() -> None:
    late = replace(GOOD, texts=(Text("steps.0.text", "Bác gõ mật khẩu.", "screen"), *GOOD.texts[2:]))
    assert Finding("warn", "jargon", "steps.0.text", "Mật khẩu") in findings(late)
    explained = replace(late, steps=(StepSeen("steps.0", "ready", None, ("Mật khẩu",)), GOOD.steps[1]))
    assert findings(explained) == []
    inside = replace(GOOD, texts=(Text("steps.0.text", "Bác mở trìnhduyệt.", "screen"),))
    assert findings(inside) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [("Bác chạm ô «Kích hoạt».", 1), ("Một. Hai", 2), ("Một. Hai! Ba?", 3), ("Bác mở dichvucong.gov.vn.", 1), ("", 0)],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize("name", ["cccd_001200012345", "anh-0912-345-678", "the 079 123 456 789"])
def test_numbers_in_names_are_seen_between_marks_too(name: str) -> None:
    assert has_number(name)


@pytest.mark.parametrize(
    "name",
    ["man-hinh-2026-11-02", "IMG_20261102_1", "Screenshot_20261102-101530", "vneid-buoc-12", "Screenshot 1080x2400"],
)
def test_plain_names_are_left_alone(name: str) -> None:
    assert not has_number(name)
