"""The tags and filters of project_tags, and the pages that stand on the three bases."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from project.parts import parts


def render(source: str, **context: Any) -> str:
    """A template with project_tags loaded, rendered without a request unless one is given."""
    return Template("{% load project_tags %}" + source).render(Context(context)).strip()


class Ask(forms.Form):
    """A required number with help, and a thing that one may leave out."""

    phone = forms.CharField(label="Phone", help_text="Only about your visit.")
    way = forms.ChoiceField(label="Way", choices=[("a", "A")], widget=forms.RadioSelect, required=False)
    ready = forms.BooleanField(label="Ready", required=False)


def test_an_icon_without_a_label_is_silent() -> None:
    drawn = render('{% icon "home" %}')
    assert 'aria-hidden="true"' in drawn
    assert "<path" in drawn  # drawn in place: no request of its own
    assert "href" not in drawn


def test_an_icon_with_a_label_speaks_and_escapes() -> None:
    drawn = render('{% icon "home" label=name %}', name='a"b<')
    assert 'role="img"' in drawn
    assert "a&quot;b&lt;" in drawn


def test_a_field_ties_its_help_and_its_error_to_the_control() -> None:
    shown = render("{% field form.phone %}", form=Ask({}))
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in shown
    assert 'id="id_phone_helptext"' in shown
    assert 'id="id_phone_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert shown.index("errorlist") < shown.index("<input")


def test_a_group_is_a_fieldset_and_a_tick_carries_its_label() -> None:
    assert "<fieldset" in render("{% field form.way %}", form=Ask())
    assert 'class="check-line" for="id_ready"' in render("{% field form.ready %}", form=Ask())


def test_a_form_sums_its_errors_up_with_links() -> None:
    shown = render("{% form form %}", form=Ask({}))
    assert 'role="alert"' in shown
    assert 'href="#id_phone"' in shown
    assert 'role="alert"' not in render("{% form form %}", form=Ask())


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("vi", "{{ day|vn_day }}", "Chủ nhật 29/11"),
        ("en", "{{ day|vn_day }}", "Sunday 29/11"),
        ("vi", "{{ day|vn_date }}", "29/11/2026"),
        ("vi", "{{ hour|vn_time }}", "8 giờ 30"),
        ("en", "{{ hour|vn_time }}", "8:30"),
        ("vi", "{{ moment|vn_time }}", "6 giờ"),
        ("vi", "{{ moment|vn_date }}", "30/11/2026"),
        ("vi", "{{ 1250|vn_number }}", "1.250"),
        ("en", "{{ 1250|vn_number }}", "1,250"),
        ("vi", "{{ 242|percent_of:250 }}", "96,8 % (242/250)"),
        ("en", "{{ 242|percent_of:250 }}", "96.8 % (242/250)"),
        ("vi", "{{ 3|percent_of:0 }}", "–"),
        ("vi", "{{ 3|share:8 }}", "37.5"),
        ("vi", "{{ 9|share:8 }}", "100"),
        ("vi", "{{ nothing|vn_number }}{{ nothing|vn_day }}", "–"),
    ],
)
def test_days_hours_and_numbers_are_written_as_people_read_them(language: str, source: str, expected: str) -> None:
    values = {
        "day": date(2026, 11, 29),
        "hour": time(8, 30),
        "moment": datetime(2026, 11, 29, 23, 0, tzinfo=UTC),  # already Monday in Vietnam
        "nothing": None,
    }
    with translation.override(language):
        assert render(source, **values) == expected


def test_a_phone_number_is_never_shown_whole() -> None:
    assert render("{{ number|masked_phone }}", number="+84912345678") == "09•• ••• 678"
    assert "12345" not in render("{{ number|masked_phone }}", number="12345")


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/", "/en/"),
        ("/en/", "/"),
        ("/nho-giup/", "/en/nho-giup/"),
        ("/en/bai-hoc/a/b/?buoc=3", "/bai-hoc/a/b/?buoc=3"),
        ("/tim/?q=ten-toi", "/en/tim/"),
        ("/energy/", "/en/energy/"),
    ],
)
def test_every_page_knows_its_twin(here: str, there: str) -> None:
    assert render("{% twin_url %}", request=RequestFactory().get(here)) == there


def test_fixed_addresses_follow_the_language() -> None:
    with translation.override("en"):
        assert render('{% localized "/rieng-tu/" %}') == "/en/rieng-tu/"
    with translation.override("vi"):
        assert render('{% localized "/rieng-tu/" %}') == "/rieng-tu/"


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "500.html"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_error_pages_need_no_context(page: str, language: str) -> None:
    with translation.override(language):
        assert "<h1>" in render_to_string(page)


@pytest.mark.parametrize(
    ("query", "sheet"),
    [("", "project/base"), ("?for=elder", ".foot-bar{"), ("?for=volunteer", "project/base")],
)
def test_the_parts_page_shows_every_part(query: str, sheet: str) -> None:
    request = RequestFactory().get(f"/cms/parts/{query}")
    request.user = type("Guest", (), {"is_authenticated": False, "__str__": lambda self: "Lan"})()
    page = parts(request).content.decode()
    assert sheet in page
    assert 'class="skip" href="#main"' in page
    assert page.count("<main") == 1
    if "elder" in query:
        assert 'rel="stylesheet"' not in page  # it stands in the page
