"""Search: lessons, found with or without marks."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from learning.lessons.tree import TopicPage
from learning.search.queries import MAX_LETTERS, found_lessons
from learning.serving.answers import public_page, spoken_language


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/tim/?q=`: lessons, found with or without marks."""
    query = request.GET.get("q", "").strip()[:MAX_LETTERS]
    language = spoken_language()
    topics = TopicPage.objects.live().filter(locale__language_code=language).select_related("locale").order_by("path")
    twin = ("/tim/" if language == "en" else "/en/tim/") + (f"?{urlencode({'q': query})}" if query else "")
    found = found_lessons(query, language)
    context = {"query": query, "found": found, "topics": [] if found else topics, "twin": twin}
    return public_page(request, "learning/search.html", context)
