"""The shared pieces in Wagtail: who may change which, and what their forms look at."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from learning.editor.snippets import free_key, uses
from learning.models import (
    AppVersion,
    GlossaryTerm,
    HelpContact,
    Procedure,
    ServicePoint,
    Track,
    WarningBox,
)
from project.accounts.models import User
from tests.learning.conftest import Tree
from tests.learning.editor.conftest import someone

PIECES = (GlossaryTerm, AppVersion, WarningBox, HelpContact, Procedure, ServicePoint, Track)
TERM = {"term_vi": "Mã QR", "term_en": "", "meaning_vi": "Hình vuông có chấm đen, máy quét đọc được.", "meaning_en": ""}
POINT = {
    "kind": "centre", "area_code": "25396", "name_vi": "Trung tâm Bù Đăng", "name_en": "", "address": "Khu Đức Lập",
    "phone": "", "hours_vi": "Thứ hai đến thứ sáu: 7 giờ 30 – 17 giờ", "hours_en": "",
}  # fmt: skip
CONTACT = {"name_vi": "Tổng đài", "name_en": "", "note_vi": "", "note_en": "", "area_code": "", "source": "Cổng DVC"}


def name_of(model: Any, view: str) -> str:
    return f"wagtailsnippets_learning_{model._meta.model_name}:{view}"


def add(client: Client, model: Any, data: dict[str, Any]) -> Any:
    return client.post(reverse(name_of(model, "add")), data)


@pytest.mark.parametrize("model", PIECES)
def test_every_piece_has_its_pages(tree: Tree, approver: User, client: Client, model: Any) -> None:
    assert client.get(reverse(name_of(model, "list"))).status_code == 200
    assert client.get(reverse(name_of(model, "add"))).status_code == 200
    row = model.objects.first()
    if row is not None:
        html = client.get(reverse(name_of(model, "edit"), args=[row.pk])).content.decode()
        assert 'name="key"' not in html  # lessons and files speak of it


@pytest.mark.parametrize(
    ("group", "may_add"),
    [
        ("Soạn bài", {GlossaryTerm, ServicePoint}), ("Duyệt bài", set(PIECES)), ("Dữ liệu gốc", set(PIECES)),
        (None, set()),
    ],
)  # fmt: skip
def test_who_may_change_which(tree: Tree, client: Client, group: str | None, may_add: set[Any]) -> None:
    user = someone(group, client)
    for model in PIECES:
        may = client.get(reverse(name_of(model, "add"))).status_code == 200
        assert may == (model in may_add), model
        sees = client.get(reverse(name_of(model, "list"))).status_code == 200
        assert sees == (group is not None), model
        assert user.has_perm(f"learning.delete_{model._meta.model_name}") == (group in {"Duyệt bài", "Dữ liệu gốc"})


def test_an_editor_adds_a_word_and_its_key_is_made(tree: Tree, editor: User, client: Client) -> None:
    assert add(client, GlossaryTerm, TERM).status_code == 302
    assert GlossaryTerm.objects.get(term_vi="Mã QR", meaning_vi=TERM["meaning_vi"]).key.startswith("ma-qr")
    assert free_key(GlossaryTerm, "Mã QR") not in set(GlossaryTerm.objects.values_list("key", flat=True))


def test_search_keys_are_written(tree: Tree, approver: User, client: Client) -> None:
    assert add(client, ServicePoint, POINT).status_code == 302
    point = ServicePoint.objects.get(name_vi="Trung tâm Bù Đăng")
    assert "trung tam bu dang" in point.folded
    data = {
        "name_vi": "Đăng ký kết hôn", "name_en": "", "papers_vi": "Căn cước", "papers_en": "", "note_vi": "",
        "note_en": "", "place": "commune", "lesson_number": "", "link": "", "keywords": "cưới",
    }  # fmt: skip
    assert add(client, Procedure, data).status_code == 302
    row = Procedure.objects.get(name_vi="Đăng ký kết hôn")
    assert "dang ki ket hon" in row.folded
    assert "cuoi" in row.folded
    client.post(reverse(name_of(Procedure, "edit"), args=[row.pk]), data | {"name_vi": "Khai sinh"})
    row.refresh_from_db()
    assert "khai sinh" in row.folded


@pytest.mark.parametrize("phone", ["113", "1900 0368", "1022", "0271 3879 123", "0912 345 678"])
def test_numbers_that_may_be_called_are_taken(tree: Tree, approver: User, client: Client, phone: str) -> None:
    response = add(client, HelpContact, CONTACT | {"phone": phone})
    assert response.status_code == 302, response.context["form"].errors


@pytest.mark.parametrize("phone", ["12", "0912 345 67", "gọi đi", ""])
def test_numbers_that_nobody_answers_are_refused(tree: Tree, approver: User, client: Client, phone: str) -> None:
    response = add(client, HelpContact, CONTACT | {"phone": phone})
    assert set(response.context["form"].errors) == {"phone"}


def test_a_contact_needs_its_source_and_a_commune_five_digits(tree: Tree, approver: User, client: Client) -> None:
    response = add(client, HelpContact, CONTACT | {"phone": "113", "source": "", "area_code": "2539"})
    assert set(response.context["form"].errors) == {"source", "area_code"}
    response = add(client, ServicePoint, POINT | {"hours_vi": "", "area_code": "Bù Đăng"})
    assert {"hours_vi", "area_code"} <= set(response.context["form"].errors)


def test_uses_are_counted(tree: Tree, approver: User, client: Client) -> None:
    app = AppVersion.objects.get(key="vneid")
    assert uses(app) == tree.vi.apps.model.objects.get(pk=app.pk).lessons.count() > 0
    assert uses(WarningBox.objects.create(key="moi", title_vi="Mới", body_vi="Mới")) == 0
