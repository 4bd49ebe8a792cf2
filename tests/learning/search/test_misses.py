"""Searches in vain: counted in folded words, never a secret, forgotten after half a year, told to editors."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from learning.models import SearchMiss
from learning.search import actions
from learning.search.actions import forget_misses, note_miss
from learning.search.tasks import forget_old_misses
from project.lib.clock import today
from tests.factories.people import make_user
from tests.learning.conftest import Tree


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def test_the_same_words_are_one_row_a_day(tree: Tree, client: Client) -> None:
    for query in ("Nuôi tằm", "nuoi  tam", "NUÔI TẰM"):
        client.get("/tim/", {"q": query})
    client.get("/en/tim/", {"q": "silkworms"})
    rows = SearchMiss.objects.order_by("query").values_list("query", "language", "day", "count")
    assert list(rows) == [("nuoi tam", "vi", today(), 3), ("silkworms", "en", today(), 1)]


def test_what_finds_something_is_no_miss(tree: Tree, client: Client) -> None:
    client.get("/tim/", {"q": "vneid"})
    client.get("/tim/", {"q": ""})
    assert not SearchMiss.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["079085001234", "mật khẩu là Hoa@1950x", "0912 345 678 gọi lại", "mã otp 482913", "xyzzy 12 34 56", "a"],
)
def test_what_may_be_a_secret_is_never_kept(tree: Tree, client: Client, query: str) -> None:
    for address in ("/tim/", "/kiosk/tim/"):
        client.get(address, {"q": query})
    assert not SearchMiss.objects.exists()


def test_a_secret_far_behind_is_seen_before_it_is_cut_off(db: None) -> None:
    assert not note_miss("nuôi tằm " * 20 + "079085001234", "vi")
    assert note_miss("nuôi tằm " * 20, "vi")
    assert len(SearchMiss.objects.get().query) <= 80


def test_nobody_fills_the_table(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_A_DAY", 2)
    assert [note_miss(word, "vi") for word in ("một", "hai", "ba", "hai")] == [True, True, False, True]


def test_one_sender_is_counted_twenty_times_a_minute(tree: Tree, client: Client) -> None:
    for number in range(25):
        client.get("/tim/", {"q": f"xyzzy{'abcdefghijklmnopqrstuvwxy'[number]}"})
    assert SearchMiss.objects.count() == 20


def test_old_misses_are_forgotten(db: None) -> None:
    for days in (0, 179, 181, 400):
        SearchMiss.objects.create(query=f"q{days}", language="vi", day=today() - timedelta(days=days), count=1)
    forget_old_misses.call_local()
    assert set(SearchMiss.objects.values_list("query", flat=True)) == {"q0", "q179"}
    assert forget_misses() == 0


def test_editors_read_the_report_and_others_do_not(tree: Tree, client: Client) -> None:
    SearchMiss.objects.create(query="nuoi tam", language="vi", day=today() - timedelta(days=90), count=7)
    SearchMiss.objects.create(query="nuoi tam", language="vi", day=today(), count=2)
    assert client.get("/cms/tim-khong-thay/").status_code == 302
    client.force_login(make_user("khong-quyen"))
    assert client.get("/cms/tim-khong-thay/").status_code in (302, 403)
    admin = make_user("bien-tap")
    admin.is_superuser = admin.is_staff = True
    admin.save()
    client.force_login(admin)
    html = client.get("/cms/tim-khong-thay/").content.decode()
    row = html[html.index("nuoi tam") : html.index("</tr>", html.index("nuoi tam"))]
    assert ">9<" in row
    assert ">2<" in row
