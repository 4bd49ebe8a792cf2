"""Template filters of lessons: where a link leads, and what a tongue is called."""

from urllib.parse import urlsplit

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def host(url: str) -> str:
    """'https://dichvucong.gov.vn/p/home' → 'dichvucong.gov.vn'."""
    return urlsplit(url).hostname or ""


@register.filter
def tongue_name(code: str) -> str:
    """The name of a language as people call it; the code itself where we know none."""
    names = {
        "vi": _("Vietnamese"),
        "en": _("English"),
        "yue": _("Chinese (Cantonese)"),
        "hak": _("Chinese (Hakka)"),
        "cmn": _("Chinese"),
        "km": _("Khmer"),
        "sti": _("Stieng"),
        "hmn": _("Hmong"),
        "mnn": _("M'nong"),
        "rad": _("Ede"),
        "jra": _("Jarai"),
        "tay": _("Tay"),
        "tai": _("Thai of the north-west"),
    }
    return names.get(code, code)
