"""What the tests of the editors' side share: people of its groups, and a lesson's form as the browser sends it."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.test.utils.form_data import nested_form_data, streamfield

from learning.media.images import LessonImage
from learning.media.pictures import make_base
from learning.models import TopicPage
from project.accounts.models import User
from tests.learning.conftest import Tree


def someone(group: str | None, client: Client, name: str = "") -> User:
    """A signed-in person of one of the editors' groups."""
    user = User.objects.create(name="Người soạn", email=f"{name or group or 'nobody'}@example.org".replace(" ", "."))
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.fixture
def editor(tree: Tree, client: Client) -> User:
    """Signed in as one who drafts."""
    return someone("Soạn bài", client)


@pytest.fixture
def approver(tree: Tree, client: Client) -> User:
    """Signed in as one who publishes."""
    return someone("Duyệt bài", client)


@pytest.fixture
def topic(tree: Tree) -> TopicPage:
    """Where new lessons go."""
    return TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")


def rows(*values: Any) -> dict[str, Any]:
    """A list block's fields."""
    found: dict[str, Any] = {"count": str(len(values))}
    for number, value in enumerate(values):
        found |= {f"{number}-deleted": "", f"{number}-order": str(number), f"{number}-id": "", f"{number}-value": value}
    return found


def screen(*words: str, title: str = "Máy") -> dict[str, Any]:
    """A drawn screen of buttons, the first of them marked."""
    drawn = [{"kind": "button", "text": text, "marked": "on" if not place else ""} for place, text in enumerate(words)]
    return {"title": title if words else "", "rows": rows(*drawn)}


def picture(image: Any = None, alt: str = "") -> dict[str, Any]:
    """An image block's fields."""
    return {"image": str(image.pk) if image else "", "decorative": "", "alt_text": alt}


def step(text: str = "Bác chạm ô «Xanh».", image: Any = None, alt: str = "Màn hình", **more: Any) -> dict[str, Any]:
    """A step's fields."""
    return {
        "text": text, "screen": screen() if image else screen("Xanh"), "image": picture(image, alt if image else ""),
        "marks": "[]",
        "iphone": {"text": "", "screen": screen(), "image": picture(), "marks": "[]"}, "hints": rows(), "do": rows(),
        "dont": rows(), "terms": rows(), "link": {"url": "", "label": ""}, "helper_note": "", "helper_never": "",
        "voices": rows(), "tracks": rows(),
    } | more  # fmt: skip


def lesson_data(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The whole form of a lesson; `steps` default to one good step, `more` replaces fields."""
    practice = {
        "task": "Bác chạm ô «Xanh».", "screen": screen("Xanh", "Đỏ"), "image": picture(), "area": "",
        "hint": "Ô xanh ạ.",
    }  # fmt: skip
    data: dict[str, Any] = nested_form_data(
        {
            "title": "Đặt lịch khám bệnh", "short_title": "", "summary": "Bác đặt lịch.", "icon": "hospital",
            "minutes": "4", "for_whom": "", "needs": "", "papers": "", "warnings": "", "closing": "", "sources": "",
            "reviewed_on": "2026-11-01", "review_by": "2027-05-01", "keywords": "",
            "steps": streamfield([("step", one) for one in (steps or (step(),))]),
            "rehearsal": streamfield([("screen", practice)]), "quiz": streamfield([]),
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
        }
        | more
    )  # fmt: skip
    return data


def lesson_picture(title: str = "Màn hình", side: int = 400, noise: bool = False) -> LessonImage:
    """A saved picture with its base size; noise makes it heavy."""
    out = io.BytesIO()
    drawn = Image.effect_noise((side, side), 90).convert("RGB") if noise else Image.new("RGB", (side, side), "#0A5A54")
    drawn.save(out, "JPEG", quality=95)
    image: LessonImage = LessonImage.objects.create(
        title=title, alt_text="Màn hình", file=ContentFile(out.getvalue(), name="man-hinh.jpg")
    )
    make_base(image)
    return image
