"""What a phone tells when it leaves a lesson: counted, small, anonymous; anything else is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from learning import catalog
from learning.feedback.actions import KEPT_DAYS, count_one, forget_tallies
from learning.feedback.models import Tally
from learning.feedback.queries import places_of, step_counts
from learning.feedback.tasks import forget_old_tallies
from project.lib.clock import today
from tests.learning.conftest import Tree

COUNT = "/b/1/dem/"


def tell(client: Client, report: object, path: str = COUNT, **options: Any) -> Any:
    """As navigator.sendBeacon(address, text) does."""
    body = report if isinstance(report, str) else json.dumps(report, separators=(",", ":"))
    return client.post(path, body, content_type="text/plain;charset=UTF-8", **options)


def counts() -> dict[tuple[str, str], int]:
    return {(row.step, row.kind): row.count for row in Tally.objects.all()}


def test_it_counts_every_kind_of_place(tree: Tree, client: Client) -> None:
    step, screen, question = (str(stream[0].id) for stream in (tree.vi.steps, tree.vi.rehearsal, tree.vi.quiz))
    response = tell(client, {"cover": "s", step: "shhab", screen: "smm", question: "st", "end": "s"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert counts() == {
        ("cover", "shown"): 1, (step, "shown"): 1, (step, "heard"): 2, (step, "again"): 1, (step, "back"): 1,
        (screen, "shown"): 1, (screen, "missed"): 2, (question, "shown"): 1, (question, "hint"): 1, ("end", "shown"): 1,
    }  # fmt: skip


def test_it_adds_to_todays_row(tree: Tree, client: Client) -> None:
    for _phone in range(3):
        tell(client, {"cover": "s"})
    assert Tally.objects.get().count == 3


def test_the_english_lesson_counts_apart(tree: Tree, client: Client) -> None:
    assert tell(client, {"cover": "s"}, f"/en{COUNT}").status_code == 204
    assert Tally.objects.get().language == "en"


def test_what_the_lesson_does_not_have_is_left_out(tree: Tree, client: Client) -> None:
    assert tell(client, {"0b5e7a2c-0000-4000-8000-000000000000": "s", "cover": "xyz"}).status_code == 204
    assert counts() == {}


@pytest.mark.parametrize("body", ["", "s=1", "[]", '{"cover": 7}', "{"])
def test_another_body_is_refused(tree: Tree, client: Client, body: str) -> None:
    assert tell(client, body).status_code == 400
    assert counts() == {}


def test_a_large_body_is_refused(tree: Tree, client: Client) -> None:
    assert tell(client, {"cover": "s" * 2036}).status_code == 204
    assert tell(client, {"cover": "s" * 2037}).status_code == 413
    assert counts() == {("cover", "shown"): 5}


def test_the_longest_report_of_a_phone_fits(tree: Tree, client: Client) -> None:
    places = [place.id for place in places_of(tree.vi)][:28]  # 12 steps, 8 screens, 8 questions
    report = {**dict.fromkeys(places, "s" * 20), **{f"{turn:036}": "s" * 20 for turn in range(28 - len(places))}}
    assert tell(client, {**report, "cover": "s" * 20, "end": "s" * 20}).status_code == 204


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_other_sites_cannot_count(tree: Tree, client: Client, headers: dict[str, str]) -> None:
    assert tell(client, {"cover": "s"}, headers=headers).status_code == 403
    assert counts() == {}


def test_it_needs_no_token_and_takes_no_get(tree: Tree) -> None:
    client = Client(enforce_csrf_checks=True)
    assert tell(client, {"cover": "s"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204
    assert client.get(COUNT).status_code == 405


def test_an_unknown_lesson_is_not_found(tree: Tree, client: Client) -> None:
    assert tell(client, {"cover": "s"}, "/b/77/dem/").status_code == 404


def test_one_sender_cannot_fill_the_map(tree: Tree, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learning.feedback.views.REPORTS_A_MINUTE", 3)
    told = [tell(client, {"cover": "s"}, REMOTE_ADDR="10.1.2.3").status_code for _turn in range(4)]
    assert told == [204, 204, 204, 429]
    assert counts() == {("cover", "shown"): 3}


def test_ten_places_cost_two_statements(tree: Tree, client: Client, django_assert_num_queries: Any) -> None:
    report = {place.id: "shhabtm" for place in places_of(tree.vi)[:10]}
    assert len(report) == 10
    with django_assert_num_queries(2):
        tell(client, report)
    assert Tally.objects.count() == 60


def test_the_counts_of_a_step_for_the_editor(tree: Tree, client: Client) -> None:
    first, second = (str(tree.vi.steps[place].id) for place in (0, 1))
    for _phone in range(4):
        tell(client, {first: "s"})
    tell(client, {second: "sa"})
    client.post(f"/b/1/vuong/{second}/")
    Tally.objects.create(number=1, language="vi", step=first, kind="shown", day=today() - timedelta(days=30), count=9)
    found = step_counts(tree.vi)
    assert (found[first].shown, found[first].left) == (4, 3)
    assert (found[second].shown, found[second].again, found[second].stuck) == (1, 1, 1)
    assert step_counts(tree.vi, days=31)[first].shown == 13
    assert step_counts(tree.en)[first].is_empty


def test_a_request_for_a_visit_counts_at_its_step(tree: Tree) -> None:
    step = str(tree.vi.steps[2].id)
    catalog.count_request(1, step)
    catalog.count_request(1, "3")
    catalog.count_request(1, "nowhere")
    catalog.count_request(77, "1")
    assert counts() == {(step, "asked"): 2, ("", "asked"): 1}


def test_a_place_is_named_for_the_leads(tree: Tree, django_assert_num_queries: Any) -> None:
    step = str(tree.vi.steps[2].id)
    asked = [(1, step), (1, "3"), (1, "gone"), (77, "1")]
    catalog.lesson_places(asked)  # Wagtail asks once for the roots of its sites
    with django_assert_num_queries(2):
        found = catalog.lesson_places(asked)
    assert found[1, step] == found[1, "3"]
    assert (found[1, step].step, found[1, step].text) == (3, tree.vi.steps[2].value["text"])
    assert found[1, step].url.endswith("/kich-hoat-vneid-muc-2/?buoc=3")
    assert (found[1, "gone"].step, found[1, "gone"].title) == (0, tree.vi.title)
    assert (77, "1") not in found
    assert catalog.lesson_places([(1, step)], "en")[1, step].title == tree.en.title


def test_old_days_are_forgotten(db: None) -> None:
    for age in (0, KEPT_DAYS, KEPT_DAYS + 1, 900):
        Tally.objects.create(number=1, language="vi", kind="shown", day=today() - timedelta(days=age), count=1)
    forget_old_tallies.call_local()
    assert sorted((today() - row.day).days for row in Tally.objects.all()) == [0, KEPT_DAYS]
    assert forget_tallies() == 0


def test_one_more_of_one_kind(db: None) -> None:
    count_one(3, "vi", Tally.Kind.USEFUL)
    count_one(3, "vi", Tally.Kind.USEFUL)
    assert counts() == {("", "useful"): 2}


def test_the_script_of_a_lesson_stays_small() -> None:
    found = finders.find("learning/lesson.js")
    assert isinstance(found, str)
    with open(found, "rb") as script:
        assert len(script.read()) <= 5000
