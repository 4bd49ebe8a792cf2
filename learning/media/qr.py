"""QR codes as SVG in the page: no request, sharp on paper. They carry addresses of our own and nothing else."""

import segno
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe


def absolute(request: HttpRequest, path: str) -> str:
    """'/b/7/' with the site's own name before it: SITE_URL, else the name that this request came to."""
    return f"{settings.SITE_URL or request.build_absolute_uri('/').rstrip('/')}{path}"


def spoken(address: str) -> str:
    """'https://go-cua.example/b/7/' → 'go-cua.example/b/7/': as people write an address down."""
    return address.partition("://")[2] or address


def qr(address: str) -> SafeString:
    """The code as <svg> without a size of its own (the style sheet gives it one), four modules of quiet around it."""
    code = segno.make(address, error="m", micro=False)
    # Only our own address stands in it; segno writes no text into the drawing.
    return mark_safe(code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr"))
