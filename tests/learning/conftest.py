"""What every test of the lessons may ask for: the shipped tree, without voices."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from learning.models import LessonPage
from learning.seeding.actions import Report, seed

LESSON = "/bai-hoc/vneid/kich-hoat-vneid-muc-2/"
TWO = ("kich-hoat-vneid-muc-2", "ba-dieu-khong-noi-cho-ai")  # all of them: test_seed_lessons.py
SAFETY = "/bai-hoc/tranh-bi-lua/ba-dieu-khong-noi-cho-ai/"


@dataclass
class Tree:
    """The seeded site: the report of the seed and the two forms of the main lesson."""

    report: Report
    vi: LessonPage
    en: LessonPage


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    """The site with two of the shipped lessons, written once for a whole file; each test rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed(slugs=TWO)
        transaction.set_rollback(True)


@pytest.fixture
def tree(seeded: Report, db: None) -> Tree:
    """Home, index, topics and lessons in both languages, as `seed_lessons` leaves them."""
    pages = {page.locale.language_code: page for page in LessonPage.objects.filter(slug="kich-hoat-vneid-muc-2")}
    return Tree(seeded, pages["vi"], pages["en"])
