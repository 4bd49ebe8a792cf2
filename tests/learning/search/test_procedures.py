"""Which papers a matter needs: a list by letters, a page to read and to print."""

import pytest
from django.test import Client

from learning.models import LessonNumber, Procedure
from learning.reference.actions import search_key_of_procedure
from learning.search.queries import first_letter
from tests.learning.conftest import Tree


@pytest.fixture
def matter(tree: Tree) -> Procedure:
    number = LessonNumber.objects.get(translation_key=tree.vi.translation_key).number
    row = Procedure(
        key="nuoi-ong", name_vi="Đăng ký nuôi ong", name_en="Register bees", papers_vi="Thẻ căn cước\nTờ khai",
        papers_en="Identity card\nForm", note_vi="Không mất tiền.", place="commune",
        link="https://dichvucong.gov.vn/", lesson_number=number,
    )  # fmt: skip
    row.folded = search_key_of_procedure(row)
    row.save()
    return row


def test_the_page_lists_papers_place_note_lesson_and_the_official_page(matter: Procedure, client: Client) -> None:
    html = client.get("/thu-tuc/nuoi-ong/").content.decode()
    for words in ("Đăng ký nuôi ong", "<li>Thẻ căn cước</li>", "<li>Tờ khai</li>", "Không mất tiền."):
        assert words in html
    for href in ("https://dichvucong.gov.vn/", "/bai-hoc/vneid/kich-hoat-vneid-muc-2/", "/en/thu-tuc/nuoi-ong/"):
        assert f'href="{href}"' in html
    assert "data-print" in html


def test_the_english_page_has_english_papers(matter: Procedure, client: Client) -> None:
    html = client.get("/en/thu-tuc/nuoi-ong/").content.decode()
    assert "<li>Identity card</li>" in html
    assert 'href="/en/bai-hoc/vneid/kich-hoat-vneid-muc-2/"' in html


def test_nobody_must_type(matter: Procedure, client: Client) -> None:
    Procedure.objects.create(key="cay-xanh", name_vi="Chặt cây xanh")
    everything = client.get("/thu-tuc/").content.decode()
    assert 'href="/thu-tuc/?chu=%C4%90"' in everything
    assert 'href="/thu-tuc/cay-xanh/"' in everything
    letter = client.get("/thu-tuc/", {"chu": "Đ"}).content.decode()
    assert 'href="/thu-tuc/nuoi-ong/"' in letter
    assert 'href="/thu-tuc/cay-xanh/"' not in letter
    assert client.get("/thu-tuc/", {"chu": "<b>"}).status_code == 200


def test_a_query_narrows_and_nothing_found_has_a_next_act(matter: Procedure, client: Client) -> None:
    assert 'href="/thu-tuc/nuoi-ong/"' in client.get("/thu-tuc/", {"q": "ong nuoi"}).content.decode()
    assert 'href="/nho-giup/"' in client.get("/thu-tuc/", {"q": "xyzzy"}).content.decode()
    assert client.get("/thu-tuc/khong-co/").status_code == 404


@pytest.mark.parametrize(
    ("name", "letter"), [("Đăng ký", "Đ"), ("đổi thẻ", "Đ"), ("Di chuyển", "D"), ("Ấp mới", "A"), ("3 bước", "#")]
)
def test_names_stand_under_their_letter(name: str, letter: str) -> None:
    assert first_letter(name) == letter
