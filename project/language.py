"""Which language a page speaks (house.md D15)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageMiddleware:
    """A path beneath /en/ is English; a signed-in person's own choice rules the rest; else Vietnamese.

    Never from Accept-Language: cheap phones are sold in English, and it would split the page cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        translation.deactivate()
        return response

    @staticmethod
    def language_of(request: HttpRequest) -> str:
        """'vi' or 'en'. Public pages do not even look at the session, so that they stay cacheable."""
        if request.path == "/en" or request.path.startswith("/en/"):
            return "en"
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            user = getattr(request, "user", None)
            if user is not None and user.is_authenticated and not is_public(request.path):
                return user.language if user.language in dict(settings.LANGUAGES) else "vi"
        return "vi"


PUBLIC_PREFIXES = ("/bai-hoc/", "/b/", "/nho-giup/", "/tim/", "/kiosk/", "/lich/", "/tn/", "/xac-nhan/", "/rieng-tu/")


def is_public(path: str) -> bool:
    """Whether the address is one of the elders' pages, whose language hangs on the address alone."""
    return path == "/" or path.startswith(PUBLIC_PREFIXES)
