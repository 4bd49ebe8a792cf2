"""Writes the shipped content as Wagtail pages and services. Idempotent; what an editor touched is never overwritten."""

import json
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model
from wagtail.models import Collection, Locale, Page, Site

from learning.editor.rights import seed_rights
from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.pages import PublicPage
from learning.lessons.tree import HomePage, LessonIndexPage, TopicPage
from learning.reference.cards import forget_services
from learning.reference.models import AppVersion, GlossaryTerm, Procedure, Service, Track, WarningBox
from learning.seeding.digests import digest
from learning.seeding.files import LANGUAGES, ContentError, Lesson, lesson_files, read
from learning.seeding.models import ShippedContent
from learning.seeding.pieces import seed_pieces
from learning.seeding.streams import stream_of_quiz, stream_of_rehearsal, stream_of_steps
from learning.voice.actions import speak_rows
from learning.voice.models import MachineVoice

__all__ = ["ContentError", "Report", "seed"]


@dataclass
class Report:
    """What a run did: keys of the content by outcome, and the numbers of the lessons."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)  # changed or removed by an editor: left alone
    lessons: dict[str, int] = field(default_factory=dict)
    voices: int = 0
    dry_run: bool = False
    tracks: dict[str, list[str]] = field(default_factory=dict)  # learning path → topics, for the pages
    taught: dict[str, str] = field(default_factory=dict)  # procedure → slug of its lesson

    def lines(self) -> list[str]:
        """The report for a person at a terminal."""
        words = {"created": self.created, "updated": self.updated, "kept as the editors left it": self.kept}
        told = [f"{word}: {len(keys)}{' (' + ', '.join(keys) + ')' if keys else ''}" for word, keys in words.items()]
        return [*told, f"unchanged: {self.unchanged}", f"lessons: {self.lessons}", f"voices spoken: {self.voices}"]


def seed(*, dry_run: bool = False, voices: bool = False, slugs: Container[str] | None = None) -> Report:
    """Services, site, topics, lessons, rights and workflow. With `voices`, speaks what waits before it returns;
    `slugs`: only these lessons (tests).

    Works on an empty database after the migrations; the second run writes nothing. ContentError for a wrong file.
    """
    report = Report(dry_run=dry_run)
    with transaction.atomic():
        _Seeder(report, slugs).run()
        if dry_run:
            transaction.set_rollback(True)
    forget_services()
    if voices and not dry_run:
        waiting = MachineVoice.objects.exclude(state=MachineVoice.State.READY)
        report.voices = len(speak_rows(waiting))
    return report


# Fields of a lesson that hold rows by their key.
KEYED: dict[str, type[Model]] = {"boxes": WarningBox, "procedures": Procedure, "apps": AppVersion}


class _Seeder:
    """One run: holds the report and the locales."""

    def __init__(self, report: Report, slugs: Container[str] | None = None) -> None:
        self.report, self.slugs = report, slugs
        self.terms: dict[str, int] = {}
        self.locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}

    def run(self) -> None:
        site = read("site.yaml")
        seed_pieces(self.report)
        self.terms = dict(GlossaryTerm.objects.values_list("key", "pk"))
        home = self.pages("home", HomePage, self.root(), "trang-chu", site["home"])
        self.seat_site(home.get("vi"))
        index = self.pages("index", LessonIndexPage, home.get("vi"), "bai-hoc", site["index"])
        tracks = {slug: row for row in Track.objects.all() for slug in self.report.tracks.get(row.key, [])}
        topics = {}
        for topic in site["topics"]:
            more = {"icon": topic["icon"], "track": tracks.get(topic["slug"])}
            words = {code: {**topic[code], **more} for code in LANGUAGES}
            topics[topic["slug"]] = self.pages(
                f"topic/{topic['slug']}", TopicPage, index.get("vi"), topic["slug"], words
            )
        for lesson in lesson_files():
            if self.slugs is not None and lesson.slug not in self.slugs:
                continue
            topic = topics.get(lesson.topic)
            if topic is None:
                raise ContentError(f"{lesson.slug}: no topic «{lesson.topic}»")
            self.lesson(lesson, topic.get("vi"))
        self.number_procedures()
        for position, row in enumerate(read("services.yaml")["services"], 1):
            self.service(row, position * 10)
        seed_rights([page for page in index.values() if page is not None])

    # The tree ------------------------------------------------------------------------------------------------

    def root(self) -> Page:
        """The root of all trees; made where no migration made it (tests)."""
        if Collection.get_first_root_node() is None:
            Collection.add_root(name="Root")
        return Page.get_first_root_node() or Page.add_root(
            instance=Page(title="Root", slug="root", locale=self.locales["vi"])
        )

    def seat_site(self, home: PublicPage | None) -> None:
        """Our home page becomes the site's root; Wagtail's own welcome page goes."""
        if home is None:
            return
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Gõ Cửa")
            return
        before = site.root_page
        if before.pk == home.pk or before.specific_class is not Page:
            return
        site.root_page, site.site_name = home, site.site_name or "Gõ Cửa"
        site.save()
        Page.objects.get(pk=before.pk).delete()

    def pages(
        self, key: str, model: type[PublicPage], parent: Page | None, slug: str, words: dict[str, dict[str, Any]]
    ) -> dict[str, PublicPage]:
        """The page in every language; a language that an editor removed is missing from the answer."""
        found: dict[str, PublicPage] = {}
        if parent is None:
            self.report.kept.append(key)
            return found
        for code in (code for code in LANGUAGES if code in words):
            if code == "vi":
                page = model.objects.child_of(parent).filter(slug=slug).first()
            else:
                page = (
                    found["vi"].get_translations().filter(locale=self.locales[code]).first() if "vi" in found else None
                )
                page = page.specific if page else None
            page = self.page(f"{key}:{code}", model, page, parent, slug, words[code], found.get("vi"), code)
            if page is not None:
                found[code] = page
        return found

    def page(
        self, key: str, model: type[PublicPage], page: Any, parent: Page, slug: str, words: dict[str, Any],
        original: PublicPage | None, code: str,
    ) -> PublicPage | None:  # fmt: skip
        """One page in one language: made, brought up to date, or left as the editors want it."""
        now_digest = digest(words)
        row = ShippedContent.objects.filter(key=key).first()
        if page is None:
            if row is not None or (code != "vi" and original is None):
                self.report.kept.append(key)
                return None
            if code == "vi":
                plain = {name: value for name, value in words.items() if name not in KEYED}
                page = model(slug=slug, locale=self.locales[code], live=False, **plain)
                parent.add_child(instance=page)
            else:
                assert original is not None
                page = original.copy_for_translation(self.locales[code])
            self.report.created.append(key)
        elif row is None or _state(page, words) != row.result_digest:
            self.report.kept.append(key)
            return page
        elif row.file_digest == now_digest:
            self.report.unchanged += 1
            return page
        else:
            self.report.updated.append(key)
        for name, value in words.items():
            setattr(page, name, _rows(name, value) if name in KEYED else value)
        page.save_revision().publish()
        page = model.objects.get(pk=page.pk)
        ShippedContent.objects.update_or_create(
            key=key, defaults={"file_digest": now_digest, "result_digest": _state(page, words)}
        )
        return page

    def lesson(self, lesson: Lesson, topic: PublicPage | None) -> None:
        """One shipped lesson; a language that it has no words in shows the Vietnamese page as an alias."""
        words = {}
        for code in LANGUAGES:
            text = lesson.words(code)
            if text is None:
                continue
            words[code] = {
                "title": text.title, "short_title": text.short, "summary": text.summary, "for_whom": text.for_whom,
                "minutes": lesson.minutes, "icon": lesson.icon, "needs": "\n".join(text.needs),
                "papers": "\n".join(text.papers), "warnings": "\n".join(text.warnings), "boxes": lesson.boxes,
                "procedures": lesson.procedures, "apps": lesson.apps,
                "steps": json.dumps(stream_of_steps(lesson, text, self.terms), ensure_ascii=False),
                "rehearsal": json.dumps(stream_of_rehearsal(lesson, text), ensure_ascii=False),
                "quiz": json.dumps(stream_of_quiz(lesson, text), ensure_ascii=False),
                "closing": text.closing, "sources": "\n".join(lesson.sources), "reviewed_on": lesson.reviewed_on,
                "review_by": lesson.review_by, "keywords": text.keywords,
            }  # fmt: skip
        pages = self.pages(f"lesson/{lesson.slug}", LessonPage, topic, lesson.slug, words)
        original = pages.get("vi")
        if original is None:
            return
        for code in set(LANGUAGES) - set(words):
            if not original.get_translations().filter(locale=self.locales[code]).exists():
                original.copy_for_translation(self.locales[code], alias=True)
        row = LessonNumber.objects.filter(translation_key=original.translation_key).first()
        if row is not None:
            self.report.lessons[lesson.slug] = row.number

    def number_procedures(self) -> None:
        """Shipped procedures name their lesson by its slug; the number is known only now."""
        for key, slug in self.report.taught.items():
            number = self.report.lessons.get(slug)
            if number is not None:
                Procedure.objects.filter(key=key, lesson_number=None).update(lesson_number=number)

    # Services ------------------------------------------------------------------------------------------------

    def service(self, row: dict[str, Any], position: int) -> None:
        """One protected service; an editor's words stay, the protection always holds."""
        code = row["code"]
        values = {
            **{key: row[key] for key in ("name_vi", "name_en", "short_vi", "short_en", "icon", "goal_rung")},
            "papers_vi": "\n".join(row.get("papers_vi", [])), "papers_en": "\n".join(row.get("papers_en", [])),
            "needs_police": row["needs_police"], "needs_own_device": row["needs_own_device"], "position": position,
            "lesson_number": self.report.lessons.get(row.get("lesson", "")),
        }  # fmt: skip
        key, now_digest = f"service/{code}", digest(values)
        shipped = ShippedContent.objects.filter(key=key).first()
        service = Service.objects.filter(code=code).first()
        if service is None:
            service = Service(code=code)
            self.report.created.append(key)
        elif shipped is None or _service_state(service, values) != shipped.result_digest:
            self.report.kept.append(key)
            Service.objects.filter(pk=service.pk, is_protected=False).update(is_protected=True)
            return
        elif shipped.file_digest == now_digest:
            self.report.unchanged += 1
            return
        else:
            self.report.updated.append(key)
        for name, value in values.items():
            setattr(service, name, value)
        service.is_protected = True
        service.full_clean()
        service.save()
        ShippedContent.objects.update_or_create(
            key=key, defaults={"file_digest": now_digest, "result_digest": _service_state(service, values)}
        )


def _rows(name: str, keys: list[str]) -> list[Any]:
    """The rows of a keyed field. ContentError for a key that nothing has."""
    rows = list(KEYED[name]._default_manager.filter(key__in=keys))
    if missing := set(keys) - {row.key for row in rows}:  # type: ignore[attr-defined]
        raise ContentError(f"{name}: no row has the key {sorted(missing)}")
    return rows


def _state(page: Page, words: dict[str, Any]) -> str:
    """The digest of what an editor sees now, drafts included: of the fields that the content file writes."""
    latest = page.get_latest_revision_as_object()
    seen = {name: _plain(getattr(latest, name)) for name in words}
    return digest({**seen, "live": page.live})


def _service_state(service: Service, values: dict[str, Any]) -> str:
    return digest({name: getattr(service, name) for name in values})


def _plain(value: Any) -> Any:
    if hasattr(value, "all") and not isinstance(value, Model):  # rows by their key
        return sorted(row.key for row in value.all())
    if isinstance(value, Track):
        return value.key
    if hasattr(value, "stream_block"):  # a StreamField's value: its stored form, without the ids of list items
        return _without_item_ids(value.get_prep_value())
    return value


def _without_item_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_item_ids(entry) for entry in value]
    if isinstance(value, dict):
        drop = "id" if value.get("type") == "item" else ""
        return {key: _without_item_ids(entry) for key, entry in value.items() if key != drop}
    return value
