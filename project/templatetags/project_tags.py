"""Template tags of the whole house: icons, form fields, twin addresses; days and numbers as people read."""

import re
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django import forms, template
from django.contrib.staticfiles import finders
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from project.lib import phone, vietnamese
from project.lib.inline import text_of

register = template.Library()

SPRITE = "project/sprite.svg"


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    """The sprite's drawings: name → (viewBox, what is drawn)."""
    path = finders.find(SPRITE)
    text = Path(str(path)).read_text(encoding="utf-8")
    found = re.findall(r'<symbol id="([^"]+)"([^>]*)>(.*?)</symbol>', text, re.S)
    return {name: (_box(more), " ".join(drawn.split())) for name, more, drawn in found}


def _box(attributes: str) -> str:
    box = re.search(r'viewBox="([^"]+)"', attributes)
    return box[1] if box else "0 0 24 24"


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A line icon of the sprite, drawn in place: no request of its own. Without `label` it is silent decoration."""
    box, drawn = _symbols().get(name, ("0 0 24 24", ""))
    told = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    shape = mark_safe(drawn)  # our own sprite
    return format_html('<svg class="{}" viewBox="{}" {}>{}</svg>', f"icon {css}".strip(), box, told, shape)


@register.simple_tag
@cache
def data_uri(name: str) -> SafeString:
    """A small SVG of the static files as an address that needs no request."""
    text = Path(str(finders.find(name))).read_text(encoding="utf-8")
    return mark_safe("data:image/svg+xml," + quote(" ".join(text.split()), safe=" ='/:;,()!*-._~"))


@register.simple_tag
def inline(name: str) -> SafeString:
    """A small style or script of project/lib/inline.py, standing in the page itself."""
    text = text_of(name)
    return mark_safe(f"<style>{text}</style>" if name.endswith(".css") else f"<script>{text}</script>")


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, optional: bool = True) -> dict[str, Any]:
    """One form field: label, help, error beside it, control. `optional=False` drops the word «(optional)»."""
    widget = bound.field.widget
    return {
        "field": bound,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_group": bound.use_fieldset,
        "show_optional": optional and not bound.field.required and not isinstance(widget, forms.CheckboxInput),
    }


@register.inclusion_tag("parts/form.html")
def form(bound: forms.BaseForm, summary: bool = True) -> dict[str, Any]:
    """All fields of a form under an error summary with links; the page writes <form>, token and buttons."""
    return {"form": bound, "show_summary": summary and bound.is_bound and bool(bound.errors)}


@register.simple_tag(takes_context=True)
def twin_url(context: dict[str, Any]) -> str:
    """The address of this page in the other language (D15): /x/ ↔ /en/x/, or `twin` in the context."""
    if twin := context.get("twin"):
        return str(twin() if callable(twin) else twin)  # asked for only where the page shows it
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "/" if _is_english() else "/en/"
    path = request.path
    other = path.removeprefix("/en") or "/" if path == "/en" or path.startswith("/en/") else f"/en{path}"
    # Only the step survives the change: words that a person typed stay where they were typed.
    kept = {key: request.GET[key] for key in ("buoc",) if key in request.GET}
    return f"{other}?{urlencode(kept)}" if kept else other


@register.simple_tag
def localized(path: str) -> str:
    """A fixed address (contract §9) in the page's language: '/rieng-tu/' → '/en/rieng-tu/' in English."""
    return f"/en{path}" if _is_english() else path


@register.filter
def vn_day(value: date | datetime | None) -> str:
    """'Chủ nhật 30/11'; in English 'Sunday 30/11'. An instant is taken in local time. None gives ''."""
    if value is None:
        return ""
    day = _local_day(value)
    return f"{_weekday_in_english(day)} {day:%d/%m}" if _is_english() else vietnamese.day_label(day)


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """'30/11/2026', the same in both languages. None gives ''."""
    return "" if value is None else vietnamese.full_day(_local_day(value))


@register.filter
def vn_time(value: time | datetime | None) -> str:
    """'8 giờ 30'; in English '8:30'. An instant is taken in local time. None gives ''."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}:{value.minute:02d}" if _is_english() else vietnamese.hour_label(value)


@register.filter
def vn_number(value: float | None, decimals: int = 0) -> str:
    """1250 → '1.250' (English '1,250'). None gives '–'."""
    if value is None:
        return "–"
    return f"{value:,.{decimals}f}" if _is_english() else vietnamese.number(value, decimals)


@register.filter
def percent_of(part: float | None, whole: float | None) -> str:
    """'96,8 % (242/250)': a percentage never without its base. An unknown or empty base gives '–'."""
    if part is None or not whole:
        return "–"
    text = vietnamese.percent(part, whole)
    if not _is_english():
        return text
    # Commas and points change places between the two languages.
    return text.translate(str.maketrans(",.", ".,"))


@register.filter
def share(part: float | None, whole: float | None) -> str:
    """The length of a bar in percent for SVG attributes: '0' to '100', one decimal at most, with a point."""
    if not part or not whole:
        return "0"
    return f"{max(0.0, min(100.0, 100 * part / whole)):.1f}".removesuffix(".0")


@register.filter
def masked_phone(number: str) -> str:
    """'+84912345678' → '09•• ••• 678'. Anything that is no stored number becomes «hidden», never itself."""
    try:
        return phone.mask(number) if number else ""
    except ValueError:
        return _("hidden number")


@register.filter
def local_phone(number: str) -> str:
    """'+84912345678' → '0912 345 678', for those who may call it."""
    try:
        return phone.local(number) if number else ""
    except ValueError:
        return _("hidden number")


@register.filter
def code_groups(code: str) -> str:
    """'C4D7K2MX' → 'C4D7 K2MX': easier to read aloud and to copy from paper."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


@register.filter
def at(row: dict[str, Any], key: str) -> Any:
    """A value of a row by its column key, for parts/table.html; '' if the row has none."""
    return row.get(key, "")


def _is_english() -> bool:
    return (get_language() or "vi").startswith("en")


def _local_day(value: date | datetime) -> date:
    if not isinstance(value, datetime):
        return value
    return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()


def _weekday_in_english(day: date) -> str:
    # Not strftime("%A"): that follows the machine's locale.
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return names[day.weekday()]
