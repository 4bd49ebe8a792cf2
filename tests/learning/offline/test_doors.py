"""The worker's script and the page for «no network»: served right, leading nowhere else."""

import pytest
from django.test import Client

from tests.learning.conftest import LESSON, Tree


@pytest.mark.parametrize(("path", "scope"), [("/bai-hoc/sw.js", "/bai-hoc/"), ("/en/bai-hoc/sw.js", "/en/bai-hoc/")])
def test_the_worker_has_its_tree_and_is_never_old(client: Client, db: None, path: str, scope: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == scope
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_no_page_asks_for_the_worker_before_the_learner_does(tree: Tree, client: Client) -> None:
    for path in (LESSON, "/bai-hoc/", LESSON + "?buoc=1"):
        html = client.get(path).content.decode()
        assert "serviceWorker" not in html
    assert "keep.js" not in client.get(LESSON + "?buoc=1").content.decode()
    cover = client.get(LESSON).content.decode()
    assert 'data-worker="/bai-hoc/sw.js"' in cover
    assert "keep.js" in cover
    assert "keep.js" in client.get("/bai-hoc/").content.decode()


def test_without_javascript_nothing_is_promised(tree: Tree, client: Client) -> None:
    cover = client.get(LESSON).content.decode()
    place = cover.index("data-keep=")
    assert " hidden " in cover[cover.rindex("<section", 0, place) : place]


def test_the_page_for_no_network_says_what_to_do(tree: Tree, client: Client) -> None:
    html = client.get("/bai-hoc/khong-mang/").content.decode()
    assert 'href="tel:113"' in html
    assert "<form" not in html
    assert client.get("/en/bai-hoc/khong-mang/").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "/nho-giup/?bai=1&buoc=0b5e-1",
        "/b/12/co-ich/",
        "/en/b/3/vuong/5f0c9c3a-1111-4222-8333-444455556666/",
        "/b/1/in/",
    ],
)
def test_with_a_network_it_sends_on_with_the_form(client: Client, db: None, wanted: str) -> None:
    for method in (client.get, client.post):
        answer = method("/bai-hoc/khong-mang/", query_params={"di": wanted})
        assert (answer.status_code, answer["Location"]) == (307, wanted)
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/", "//elsewhere.example/", "/cms/", "/b/../cms/", "/b/\\evil", "/nho-giup",
        "javascript:alert(1)", "/b//elsewhere.example/", "/b/1/?x=%0d%0aSet-Cookie:a=b", "/accounts/login/?next=/b/",
    ],
)  # fmt: skip
def test_it_sends_nowhere_else(client: Client, db: None, wanted: str) -> None:
    answer = client.get("/bai-hoc/khong-mang/", query_params={"di": wanted})
    assert answer.status_code == 200
    assert "elsewhere" not in answer.content.decode()
