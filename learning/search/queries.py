"""Search that needs no marks: «dang ky vneid», «đăng kí VNeID» and «ĐĂNG KÝ» find the same; the best stands first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from wagtail.contrib.search_promotions.models import SearchPromotion

from learning.guardrails.rules import is_official
from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.steps import Term, finished_voices, term_of, term_words
from learning.reference.models import GlossaryTerm, Procedure, ServicePoint
from learning.search.matching import MAX_LETTERS, Asked, asked, keys_of, rank
from learning.search.places import PlaceHit, found_places
from project.lib import vietnamese

__all__ = ["MAX_LETTERS", "Found", "Promoted", "by_letter", "found_lessons", "found_procedures", "search_all"]

MOST = 12  # of one group: a longer list is no answer


@dataclass(frozen=True)
class Promoted:
    """What the editors put first for a query."""

    title: str
    url: str
    note: str


@dataclass
class Found:
    """Everything a search found, a group each. `is_near`: only after a spelling was forgiven."""

    promoted: list[Promoted] = field(default_factory=list)
    lessons: list[LessonPage] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    places: list[PlaceHit] = field(default_factory=list)
    points: list[ServicePoint] = field(default_factory=list)
    is_near: bool = False

    @property
    def total(self) -> int:
        """How many in all."""
        groups = (self.promoted, self.lessons, self.procedures, self.terms, self.places, self.points)
        return sum(len(group) for group in groups)


def search_all(query: str, language: str) -> Found:
    """Every group for a query. Spelling is forgiven only where nothing at all fits as it was typed."""
    question = asked(query)
    if not question.words:
        return Found()
    found = _search(question, query, language, near=False)
    if found.total:
        return found
    found = _search(question, query, language, near=True)
    found.is_near = bool(found.total)
    return found


def _search(question: Asked, query: str, language: str, *, near: bool) -> Found:
    promoted = [] if near else _promoted(question, language)
    there = {row.url for row in promoted}
    lessons = [page for page in _lessons(question, language, near=near) if page.url not in there]
    return Found(
        promoted=promoted,
        lessons=lessons[:MOST],
        procedures=_procedures(question, near=near)[:MOST],
        terms=_terms(question, language, near=near)[:MOST],
        places=[] if near else found_places(query[:MAX_LETTERS]),
        points=_points(question, near=near)[:MOST],
    )


def found_lessons(query: str, language: str) -> list[LessonPage]:
    """Published lessons that hold every word of the query, best first, each with its number. [] for an empty query.

    Order: the typed words with their marks in the title, without marks in the title, in the keywords, anywhere.
    """
    question = asked(query)
    return _lessons(question, language, near=False) or _lessons(question, language, near=True)


def found_procedures(query: str) -> list[Procedure]:
    """Procedures that hold every word of the query, best first."""
    question = asked(query)
    return _procedures(question, near=False) or _procedures(question, near=True)


def _lessons(question: Asked, language: str, *, near: bool) -> list[LessonPage]:
    # Only the search keys are read of all lessons; whole rows only of those that fit.
    rows = LessonPage.objects.live().filter(locale__language_code=language).order_by("path")
    keys = rows.values_list("pk", "title", "keywords", "folded")
    places = _best(keys, lambda row: rank(question, row[1], row[2], row[3], near=near))
    order = [row[0] for row in places]
    pages = LessonPage.objects.filter(pk__in=order).select_related("locale").defer("steps", "rehearsal", "quiz")
    found = {page.pk: page for page in pages}
    numbers = dict(
        LessonNumber.objects.filter(translation_key__in=[page.translation_key for page in found.values()])
        .values_list("translation_key", "number")
    )  # fmt: skip
    for page in found.values():
        page.__dict__["known_number"] = numbers.get(page.translation_key)  # no statement for each row
    return [found[pk] for pk in order if pk in found]


def _procedures(question: Asked, *, near: bool) -> list[Procedure]:
    return _best(Procedure.objects.all(), lambda row: rank(question, row.name, row.keywords, row.folded, near=near))


def _points(question: Asked, *, near: bool) -> list[ServicePoint]:
    return _best(ServicePoint.objects.all(), lambda row: rank(question, row.name, row.folded, near=near))


def _terms(question: Asked, language: str, *, near: bool) -> list[Term]:
    """Words to explain: found by the word itself, not by what stands in its meaning."""
    rows = _best(GlossaryTerm.objects.all(), lambda row: rank(question, row.term, row.term_vi, near=near))
    silent = [term_of(row, language, {}) for row in rows]
    voices = finished_voices([(language, term_words(term.word, term.meaning)) for term in silent])
    return [term_of(row, language, voices) for row in rows]


def _best(rows: Iterable[Any], how: Callable[[Any], int | None]) -> list[Any]:
    """The rows that fit, best first; equals keep their order."""
    ranked = [(place, row) for row in rows if (place := how(row)) is not None]
    return [row for _place, row in sorted(ranked, key=lambda pair: pair[0])]


def _promoted(question: Asked, language: str) -> list[Promoted]:
    """What editors chose for exactly these words, in whatever order and with whatever marks."""
    wanted = sorted(question.words)
    rows = SearchPromotion.objects.select_related("query", "page__locale").order_by("sort_order", "pk")
    chosen = [row for row in rows if sorted(set(asked(row.query.query_string).words)) == wanted]
    return [shown for row in chosen if (shown := _shown(row, language)) is not None]


def _shown(row: Any, language: str) -> Promoted | None:
    if row.page is None:
        if not is_official(row.external_link_url):
            return None
        return Promoted(row.external_link_text or row.external_link_url, row.external_link_url, row.description)
    page = row.page.specific
    if page.locale.language_code != language:
        page = page.get_translations().live().filter(locale__language_code=language).select_related("locale").first()
    if page is None or not page.live or not page.url:
        return None
    return Promoted(page.title, page.url, row.description)


def by_letter(rows: Iterable[Procedure]) -> dict[str, list[Procedure]]:
    """Procedures under their first letters, as a Vietnamese list orders them."""
    shelves: dict[str, list[Procedure]] = {}
    for row in sorted(rows, key=lambda row: vietnamese.place_key(row.name)):
        shelves.setdefault(first_letter(row.name), []).append(row)
    return shelves


def first_letter(name: str) -> str:
    """The letter under which a name stands in a list: 'Đăng ký' → 'Đ', 'Ấp' → 'A'; '#' for a number."""
    if name[:1].casefold() == "đ":
        return "Đ"
    keys = keys_of(name)
    return keys[0][0].upper() if keys and not keys[0][0].isdigit() else "#"
