"""A lesson with a practice phone and questions, independent of the shipped content: every kind of row, a scam."""

import io
import json
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image as Pillow
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site

from learning.lessons.models import LessonPage
from learning.lessons.numbers import give_number
from learning.lessons.tree import HomePage, LessonIndexPage, TopicPage
from learning.media.pictures import make_base
from learning.voice.models import MachineVoice, voice_key

ADDRESS = "/bai-hoc/thu-nghiem/tap-thu/"
NO_IMAGE = {"image": None, "decorative": None, "alt_text": None}  # as the editor saves it


def step(text: str) -> Any:
    """A step with nothing but its words."""
    bare = {"text": "", "screen": {"title": "", "rows": []}, "image": NO_IMAGE, "marks": []}
    lists: dict[str, Any] = {name: [] for name in ("hints", "do", "dont", "terms", "voices", "tracks")}
    told = {"link": {"url": "", "label": ""}, "helper_note": "", "helper_never": "", "iphone": bare}
    return {"type": "step", "value": {**bare, **lists, **told, "text": text}}


def screen(task: str, *rows: tuple[str, str] | tuple[str, str, bool], title: str = "Màn hình", **more: Any) -> Any:
    """A practice screen; a third value marks the row."""
    drawn = [{"kind": row[0], "text": row[1], "marked": len(row) == 3} for row in rows]
    value = {
        "task": task,
        "screen": {"title": title, "rows": drawn},
        "image": NO_IMAGE,
        "area": None,
        "hint": f"Gợi ý: {task}",
    }
    return {"type": "screen", "value": {**value, **more}}


def pictured(task: str, image: Any, area: dict[str, int]) -> Any:
    """A practice screen on an uploaded picture."""
    chosen = {"image": image.pk, "decorative": False, "alt_text": "Ảnh màn hình"}
    return screen(task, title="", image=chosen, area=area)


def choice(question: str, right: int = 2) -> Any:
    """A question with three answers."""
    options = [
        {"text": f"Đáp án {number}", "why": f"Lời sau đáp án {number}.", "right": number == right}
        for number in (1, 2, 3)
    ]
    return {"type": "choice", "value": {"question": question, "options": options, "hint": "Gợi ý cho câu hỏi."}}


def scam(*, fake: bool, medium: str = "message") -> Any:
    """«Real or fake?»"""
    value = {
        "medium": medium, "sender": "Số lạ", "body": "Bác bấm vào đây để nhận quà Tết.", "fake": fake,
        "why": "Quà thật thì trưởng thôn báo.", "hint": "Bác xem ai gửi.",
    }  # fmt: skip
    return {"type": "scam", "value": value}


def make_image(width: int = 360, height: int = 640) -> Any:
    """An uploaded screen."""
    file = io.BytesIO()
    Pillow.new("RGB", (width, height), "#CCD").save(file, "PNG")
    file.seek(0)
    image = get_image_model().objects.create(title="Màn hình", file=ImageFile(file, name="man-hinh.png"))
    make_base(image)
    return image


EVERY_KIND = (
    screen(
        "Bác chạm «Kích hoạt».", ("heading", "Kính chào"), ("text", "Bác chọn một mục."), ("item", "Thông tin"),
        ("field", "Số căn cước"), ("secret", "Mật khẩu"), ("button", "Kích hoạt", True), ("quiet", "Đăng nhập"),
    ),
    screen(
        "Bác chạm hình «VNeID».", ("grid", "Gọi điện|Tin nhắn|VNeID*|Ảnh|Máy ảnh|Cài đặt"), ("search", "Tìm kiếm"),
        ("app", "VNeID|Cài đặt"), ("notice", "VNeID|Hồ sơ của bác đã có kết quả"),
        ("tabs", "Trang chủ|Ví giấy tờ|Cá nhân"),
        title="",
    ),
    screen(
        "Bác bật Wi-Fi.", ("toggle", "Wi-Fi|tắt", True), ("toggle", "Đèn pin|bật"), ("check", "Tôi đồng ý|x"),
        ("check", "Tôi cam đoan|"), ("slider", "Cỡ chữ|nhỏ…to"), ("keys", "d|đ|s|f|xoá"),
        ("boxes", "Mã trong tin nhắn"),
    ),
    screen(
        "Bác chọn ảnh rõ.", ("photo", "mờ"), ("photo", "rõ", True), ("photo", "tối"), ("photo", "lệch|Ảnh cũ"),
        ("qr", "Mã QR"), ("card", "Thẻ căn cước|minh hoạ"), ("file", "giay-khai-sinh.jpg|đã đính kèm"),
    ),
    screen(
        "Bác cúp máy.", ("call", "Số lạ|«Tôi là công an đây…»"), ("bubble", "Số lạ|Bác gửi mã cho cháu"),
        ("bubble", "Bác|Không được"), ("message", "Mã OTP của bạn: ••••••"),
        ("done", "Xong rồi"), ("button", "Cúp máy", True),
    ),
)  # fmt: skip


def topic_page() -> TopicPage:
    """A topic of the tree that is there, or of a small one made now."""
    locale = Locale.objects.get_or_create(language_code="vi")[0]
    index = LessonIndexPage.objects.filter(locale=locale).first()
    if index is None:
        if Collection.get_first_root_node() is None:
            Collection.add_root(name="Root")
        root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
        home = HomePage(
            title="Trang chủ", slug="trang-chu", locale=locale, greeting="Chào bác", question="?", never_tell="Mật khẩu"
        )
        root.add_child(instance=home)
        Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
        index = home.add_child(instance=LessonIndexPage(title="Bài học", slug="bai-hoc", locale=locale))
    return index.add_child(instance=TopicPage(title="Thử nghiệm", slug="thu-nghiem", locale=locale))


def make_practice_lesson(
    *, rehearsal: Any = EVERY_KIND, quiz: Any = (), steps: int = 2, voices: bool = False
) -> LessonPage:
    """A live lesson at ADDRESS. With `voices` every spoken text has a finished voice (a row; no sound)."""
    topic = topic_page()
    stream = [step(f"Bác làm việc số {number}.") for number in range(1, steps + 1)]
    page = LessonPage(
        title="Tập thử", slug="tap-thu", locale=topic.locale, summary="Bài để thử.",
        steps=json.dumps(stream), rehearsal=json.dumps(list(rehearsal)), quiz=json.dumps(list(quiz)),
    )  # fmt: skip
    topic.add_child(instance=page)
    give_number(page.translation_key, topic.translation_key)
    page = LessonPage.objects.get(pk=page.pk)
    if voices:
        told = {voice_key(*pair): pair for pair in page.spoken}
        rows = [
            MachineVoice(key=key, language=language, text=text, state="ready", file=f"voices/{key}.mp3")
            for key, (language, text) in told.items()
        ]
        MachineVoice.objects.bulk_create(rows, ignore_conflicts=True)
    return page
