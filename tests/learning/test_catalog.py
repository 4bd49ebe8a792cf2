"""The window for volunteers: services, the ladder, lessons and their steps."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from learning import catalog
from learning.models import Service
from tests.conftest import SERVICES
from tests.learning.conftest import LESSON, Tree


def test_services_come_in_order_in_the_language_of_the_page(tree: Tree) -> None:
    cards = catalog.services()
    assert tuple(card.code for card in cards) == SERVICES
    with translation.override("vi"):
        assert cards[1].name == "Tài khoản VNeID mức 2"
        assert cards[1].short == "VNeID mức 2"
        assert "SIM" in cards[1].papers[1]
    with translation.override("en"):
        assert cards[1].name == "VNeID account, level 2"
        assert cards[1].papers[0] == "Chip identity card"


def test_a_card_cannot_be_changed(tree: Tree) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalog.services()[0].code = "x"  # type: ignore[misc]


def test_services_are_asked_once_and_again_when_told(tree: Tree) -> None:
    catalog.services()
    with CaptureQueriesContext(connection) as queries:
        catalog.services()
    assert len(queries) == 0
    Service.objects.filter(code="epay").update(icon="key")
    catalog.forget_services()
    card = catalog.service("epay")
    assert card is not None
    assert card.icon == "key"


def test_one_service_or_none(tree: Tree) -> None:
    card = catalog.service("safety")
    assert card is not None
    assert (card.goal_rung, card.lesson_number, card.needs_own_device) == ("briefed", 2, False)
    assert catalog.service("nothing") is None


def test_the_ladder(tree: Tree) -> None:
    assert catalog.rungs() == ["briefed", "referred", "registered", "activated", "did_alone"]
    assert catalog.rung_index("activated") == 3
    assert catalog.goal_rungs()["vneid_l1"] == "activated"
    with pytest.raises(ValueError):
        catalog.rung_index("nearly")


def test_a_lessons_card(tree: Tree) -> None:
    card = catalog.lesson_card(1)
    assert card is not None
    assert (card.title, card.url, card.steps) == ("Kích hoạt tài khoản VNeID mức 2", LESSON, 9)
    english = catalog.lesson_card(1, "en")
    assert english is not None
    assert english.url == f"/en{LESSON}"
    assert catalog.lesson_card(99) is None


def test_a_lesson_without_english_is_given_in_vietnamese(tree: Tree) -> None:
    tree.en.unpublish()
    card = catalog.lesson_card(1, "en")
    assert card is not None
    assert card.language == "vi"
    assert len(catalog.lesson_steps(1, "en")) == 9


def test_the_companion_view_gets_the_helpers_notes(tree: Tree) -> None:
    steps = catalog.lesson_steps(1)
    assert [step.number for step in steps] == list(range(1, 10))
    assert steps[0].id == str(tree.vi.steps[0].id)
    assert "Máy này, SIM này có phải của bác" in steps[0].helper_note
    assert steps[0].helper_never
    assert steps[0].picture is not None
    assert steps[0].picture.marks
    assert steps[4].hints[0].sees == "Mã gõ vào không được"
    assert catalog.lesson_steps(99) == []


def test_the_steps_keep_their_ids_in_every_language(tree: Tree) -> None:
    assert [step.id for step in catalog.lesson_steps(1)] == [step.id for step in catalog.lesson_steps(1, "en")]


def test_published_lessons_only(tree: Tree) -> None:
    assert [card.number for card in catalog.published_lessons()] == [1, 2]
    tree.vi.unpublish()
    assert [card.number for card in catalog.published_lessons()] == [2]
    assert [card.language for card in catalog.published_lessons("en")] == ["en", "en"]
