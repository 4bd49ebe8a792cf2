"""The two anonymous forms: they count to one, keep nothing else, and have limits."""

import pytest
from django.test import Client

from learning.feedback.models import Tally
from tests.learning.conftest import LESSON, Tree

USEFUL = "/b/1/co-ich/"


def counts() -> dict[tuple[str, str], int]:
    return {(row.kind, row.step): row.count for row in Tally.objects.all()}


def test_yes_and_no_are_counted_and_thanked(tree: Tree) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(USEFUL, {"useful": "1"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 303
    assert response["Location"] == f"{LESSON}?buoc=xong&cam-on=1#useful"
    client.post(USEFUL, {"useful": "1"}, headers={"Origin": "http://testserver"})
    client.post(USEFUL, {"useful": "0"})  # an old browser sends neither header
    assert counts() == {("useful", ""): 2, ("not_useful", ""): 1}
    assert not response.cookies
    assert 'role="status"' in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_other_sites_cannot_count(tree: Tree, client: Client, headers: dict[str, str]) -> None:
    step = tree.vi.steps[0].id
    assert client.post(USEFUL, {"useful": "1"}, headers=headers).status_code == 400
    assert client.post(f"/b/1/vuong/{step}/", headers=headers).status_code == 400
    assert counts() == {}


@pytest.mark.parametrize("value", ["", "2", "yes"])
def test_another_answer_is_refused(tree: Tree, client: Client, value: str) -> None:
    assert client.post(USEFUL, {"useful": value}).status_code == 400
    assert counts() == {}


def test_the_forms_reject_get(tree: Tree, client: Client) -> None:
    assert client.get(USEFUL).status_code == 405
    assert client.get(f"/b/1/vuong/{tree.vi.steps[0].id}/").status_code == 405


def test_an_unknown_lesson_or_step_is_not_found(tree: Tree, client: Client) -> None:
    assert client.post("/b/77/co-ich/", {"useful": "1"}).status_code == 404
    assert client.post("/b/1/vuong/nowhere/").status_code == 404


def test_stuck_counts_the_step_and_leads_to_a_person(tree: Tree, client: Client) -> None:
    step = tree.vi.steps[4].id
    response = client.post(f"/b/1/vuong/{step}/")
    assert response.status_code == 303
    assert response["Location"] == f"/nho-giup/?bai=1&buoc={step}"
    assert counts() == {("stuck", step): 1}


def test_stuck_in_english_leads_to_the_english_form(tree: Tree, client: Client) -> None:
    step = tree.en.steps[4].id
    assert client.post(f"/en/b/1/vuong/{step}/")["Location"] == f"/en/nho-giup/?bai=1&buoc={step}"
    assert Tally.objects.get().language == "en"


def test_too_many_answers_are_told_so_and_not_counted(tree: Tree, client: Client) -> None:
    for _tap in range(30):
        assert client.post(USEFUL, {"useful": "1"}).status_code == 303
    refused = client.post(USEFUL, {"useful": "1"})
    assert refused.status_code == 429
    assert counts() == {("useful", ""): 30}
    elsewhere = client.post(USEFUL, {"useful": "1"}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 303


def test_whoever_is_stuck_reaches_help_even_beyond_the_limit(tree: Tree, client: Client) -> None:
    step = tree.vi.steps[0].id
    for _tap in range(62):
        assert client.post(f"/b/1/vuong/{step}/").status_code == 303
    assert counts() == {("stuck", step): 60}
