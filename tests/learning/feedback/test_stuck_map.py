"""The editors' stuck map: which step is the worst, of how many, in which period; and the same as a file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from learning.feedback.actions import count
from learning.feedback.models import Tally
from learning.feedback.queries import places_of
from learning.models import LessonPage
from project.accounts.models import User
from project.lib.clock import today
from tests.learning.conftest import Tree

GONE = "5f0c0000-0000-4000-8000-000000000000"


@pytest.fixture
def editor(tree: Tree, client: Client) -> User:
    """A signed-in editor whose pages speak English, so that the tests read the source strings."""
    user = User.objects.create(name="Người soạn", email="soan@example.org", language="en")
    user.groups.add(Group.objects.get(name="Soạn bài"))
    client.force_login(user)
    return user


def steps_of(page: LessonPage) -> list[str]:
    return [place.id for place in places_of(page)]


def rows(html: str) -> list[list[str]]:
    """The text of each cell of the map's rows."""
    found = re.findall(r'<tr>\s*<th scope="row">(.*?)</tr>', html, re.S)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)[:8]] for row in found
    ]


def look(client: Client, **query: str | int) -> str:
    response = client.get(reverse("learning_stuck_map"), query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_worst_step_comes_first_with_its_share(tree: Tree, editor: User, client: Client) -> None:
    cover, one, two = steps_of(tree.vi)[:3]
    shown = {(place, "shown"): 30 for place in steps_of(tree.vi)[3:]}
    shown |= {(cover, "shown"): 40, (one, "shown"): 40, (two, "shown"): 39}
    count(1, "vi", shown | {(two, "again"): 12, (two, "stuck"): 4, (one, "hint"): 2, (two, "asked"): 1})
    found = rows(look(client, number=1, language="vi"))
    assert found[0][0].startswith("Step 2 ")
    assert "Edit" in found[0][0]
    percent = [cell.replace("\xa0", " ") for cell in found[0][1:]]
    assert percent == [
        "39", "23.1 % (9/39)", "30.8 % (12/39)", "0", "0", "10.3 % (4/39)", "2.6 % (1/39)",
    ]  # fmt: skip
    assert found[1][0].startswith("Step 1 ")
    assert len(found) == len(steps_of(tree.vi))
    assert f"#block-{two}-section" in look(client, number=1)


def test_few_visits_are_told_without_a_percentage(tree: Tree, editor: User, client: Client) -> None:
    one, two = steps_of(tree.vi)[1:3]
    count(1, "vi", {(one, "shown"): 9, (two, "shown"): 3, (two, "stuck"): 7})
    html = look(client, number=1)
    assert "%" not in "".join("".join(row) for row in rows(html))
    assert ["9", "6"] in [row[1:3] for row in rows(html)]
    assert ["3", "3", "0", "0", "0", "7", "0"] in [row[1:] for row in rows(html)]


def test_more_stuck_than_shown_is_no_share(tree: Tree, editor: User, client: Client) -> None:
    one = steps_of(tree.vi)[1]
    count(1, "vi", {(one, "shown"): 10, (one, "stuck"): 15})
    assert rows(look(client))[0][6] == "15"


def test_steps_that_are_no_more_stand_together(tree: Tree, editor: User, client: Client) -> None:
    count(1, "vi", {(GONE, "stuck"): 3, ("another", "stuck"): 2, ("", "asked"): 4, ("", "useful"): 5})
    found = rows(look(client))
    assert [(row[0].split(" ")[0], row[6], row[7]) for row in found] == [("Old", "5", "0"), ("The", "0", "4")]
    assert "Useful: 5 yes, 0 no." in look(client)


def test_it_looks_at_one_period_language_and_lesson(tree: Tree, editor: User, client: Client) -> None:
    one = steps_of(tree.vi)[1]
    for age, often in ((0, 1), (6, 2), (7, 4), (29, 8), (30, 16), (89, 32), (90, 64)):
        day = today() - timedelta(days=age)
        Tally.objects.create(number=1, language="vi", step=one, kind="stuck", day=day, count=often)
    count(1, "en", {(one, "stuck"): 500})
    count(2, "vi", {("cover", "shown"): 700})

    def stuck(**query: str | int) -> list[str]:
        return [row[6] for row in rows(look(client, **query))]

    assert stuck(number=1, language="vi", days=7) == ["3"]
    assert stuck(number=1, language="vi") == ["15"]
    assert stuck(number=1, language="vi", days=90) == ["63"]
    assert sorted(stuck(number=1)) == ["15", "500"]
    assert len(stuck()) == 3
    assert stuck(days="x", number="y", language="zz") == stuck()


def test_all_lessons_show_their_worst_steps_only(tree: Tree, editor: User, client: Client) -> None:
    count(1, "vi", {(place, "shown"): 20 for place in steps_of(tree.vi)})
    assert len(rows(look(client))) == 5
    assert "?number=1&amp;language=vi&amp;days=30" in look(client)
    assert len(rows(look(client, number=1))) == len(steps_of(tree.vi))


def test_the_file_has_every_row_and_no_formula(tree: Tree, editor: User, client: Client) -> None:
    one, two = steps_of(tree.vi)[1:3]
    LessonPage.objects.filter(pk=tree.vi.pk).update(title="=1+1")
    count(1, "vi", {(one, "shown"): 12, (two, "shown"): 8, (GONE, "hint"): 2, ("", "not_useful"): 3})
    response = client.get(reverse("learning_stuck_map"), {"export": "csv", "language": "vi"})
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["Step"], row["Shown"], row["Left here"], row["Hints opened"]) for row in found] == [
        ("The lesson as a whole", "", "", ""), ("Step 2", "8", "8", "0"), ("Step 1", "12", "4", "0"),
        ("Old steps", "0", "0", "2"),
    ]  # fmt: skip
    assert found[0]["Useful: no"] == "3"
    assert found[1]["What to do"] == tree.vi.steps[1].value["text"]
    assert {row["Title of the lesson"] for row in found} == {"'=1+1"}


def test_who_may_not_change_the_lesson_gets_no_way_to_edit(tree: Tree, client: Client) -> None:
    user = User.objects.create(name="Dữ liệu", email="du-lieu@example.org", language="en")
    user.groups.add(Group.objects.get(name="Dữ liệu gốc"))
    client.force_login(user)
    count(1, "vi", {(steps_of(tree.vi)[1], "stuck"): 3})
    html = look(client)
    assert "Stuck here" in html
    assert "-section" not in html


def test_a_stranger_does_not_see_it(tree: Tree, client: Client) -> None:
    assert client.get(reverse("learning_stuck_map")).status_code == 302


def test_it_needs_no_more_statements_for_many_lessons(tree: Tree, editor: User, client: Client) -> None:
    count(1, "vi", {("cover", "shown"): 20})
    look(client)
    with CaptureQueriesContext(connection) as few:
        look(client)
    for number, page, language in ((1, tree.vi, "vi"), (1, tree.en, "en"), (2, tree.vi, "vi")):
        count(number, language, {(place, "shown"): 20 for place in steps_of(page)})
    with CaptureQueriesContext(connection) as many:
        look(client)
    assert len(many) == len(few) <= 20
