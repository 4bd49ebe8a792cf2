"""The search that knows old names."""

from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from project.lib.vietnamese import fold
from volunteers.areas import feeds
from volunteers.areas.models import Area
from volunteers.areas.queries import commune_with_code, communes_of, hamlet_with_code, search_communes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def codes(text: str, limit: int = 10) -> list[str]:
    return [place.area.code for place in search_communes(text, limit=limit)]


@pytest.mark.parametrize("text", ["Bù Đăng", "bu dang", "BÙ ĐĂNG", "xã Bù Đăng", "Bù  đăng, Đồng Nai", " bù đăng."])
def test_a_present_name_comes_first(text: str) -> None:
    assert codes(text)[0] == "25396"
    assert codes(normalize("NFD", text)) == codes(normalize("NFC", text))


@pytest.mark.parametrize("text", ["huyện Bù Đăng", "huyen bu dang", "Huyện Bù Đăng, Bình Phước"])
def test_an_old_district_gives_its_communes(text: str) -> None:
    found = search_communes(text, limit=20)
    assert {"25396", "25399", "25402", "25405"} <= {place.area.code for place in found}
    bom_bo = next(place for place in found if place.area.code == "25405")
    assert "Bù Đăng" in bom_bo.why
    assert bom_bo.province.code == "75"


def test_a_province_gives_its_communes() -> None:
    found = search_communes("dong nai", limit=200)
    assert set(communes_of("75").values_list("code", flat=True)) <= {place.area.code for place in found}
    assert codes("tỉnh Bình Phước", limit=200).count("25396") == 1


def test_an_old_commune_says_what_it_was() -> None:
    found = search_communes("Đức Phong")
    place = next(place for place in found if place.area.code == "25396")
    assert "Đức Phong" in place.why
    assert "Bù Đăng" in place.why


def test_a_numbered_ward_and_district_are_told_apart() -> None:
    assert "26734" in codes("Quận 1", limit=60) or codes("Quận 1", limit=60)
    quan_1 = search_communes("quận 1, Hồ Chí Minh", limit=60)
    assert quan_1
    assert quan_1[0].province.code == "79"
    assert "quận 1," in quan_1[0].why.lower()


def test_words_without_a_comma_fit_name_and_district() -> None:
    assert "25405" in codes("bom bo bu dang")


@pytest.mark.parametrize("text", ["", " ", "x", "%", "zzzz qqqq", "'; drop table", "xã", "_____"])
def test_words_that_fit_nothing_find_nothing(text: str) -> None:
    assert search_communes(text) == []


@pytest.mark.parametrize("text", ["Tân Phú", "phú", "an", "huyện Bù Đăng", "dong nai"])
def test_each_commune_is_found_once_and_the_limit_holds(text: str) -> None:
    found = codes(text, limit=7)
    assert len(found) == len(set(found)) <= 7


def test_the_search_needs_few_statements(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(8):
        search_communes("huyện Bù Đăng", limit=20)


def test_every_commune_is_found_by_its_own_name_and_province() -> None:
    for area in Area.objects.communes().select_related("parent").order_by("code")[::331]:
        assert area.code in codes(f"{area.full_name}, {area.parent.name}", limit=30)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    search_communes(text, limit=3)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặùúủũụỳýỷỹỵ H’'-", max_size=40))
def test_the_fold_of_a_name_does_not_hang_on_its_writing(text: str) -> None:
    folded = fold(text)
    assert fold(normalize("NFD", text)) == folded == fold(text.upper()) == fold(folded)


def test_codes_lead_to_what_is_in_force() -> None:
    assert commune_with_code("25396") == Area.objects.get(pk="25396")
    assert commune_with_code("75") is None
    assert commune_with_code("no such") is None
    assert hamlet_with_code("25396-h0") == Area.objects.get(pk="25396-h0")


def test_the_public_search_gets_a_line_for_each_place() -> None:
    hits = {hit.code: hit for hit in feeds.find("huyen bu dang", 20)}
    assert hits["25405"].label == "Xã Bom Bo, Đồng Nai"
    assert "Bù Đăng" in hits["25405"].why
    assert len(feeds.find("dong nai", 3)) == 3
    here = feeds.named("25396")
    assert here is not None
    assert (here.code, here.label, here.why) == ("25396", "Xã Bù Đăng, Đồng Nai", "")
    assert feeds.named("99999") is None
