"""Reads the content that ships with the product: learning/content/**/*.yaml, checked for shape and by the editor's
own rules. No database. `python -m learning.seeding.files [slug …]` says what is wrong with the files."""

import sys
import uuid
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from learning.guardrails import rules

CONTENT = Path(__file__).resolve().parent.parent / "content"
LANGUAGES = ("vi", "en")
_STEPS = uuid.UUID("6f0b4c5e-3d0a-5b59-9a5e-5f2b7c1d8e11")  # namespace of the steps' stable ids

ROW_KINDS = (
    "heading", "text", "button", "quiet", "field", "secret", "boxes", "item", "app", "message", "done", "toggle",
    "check", "tabs", "grid", "search", "bubble", "call", "photo", "card", "file", "slider", "keys", "qr", "notice",
)  # fmt: skip
CELL_KINDS = ("tabs", "grid", "keys")  # several places to tap: «a|b*|c», the star marks one


class ContentError(Exception):
    """A content file is wrong; the message names the file and the place."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Row(_Strict):
    """One row of a drawn screen: [kind, words] or [kind, words, mark]."""

    kind: str
    text: str = Field("", max_length=90)
    marked: bool = False

    @model_validator(mode="before")
    @classmethod
    def from_list(cls, value: Any) -> Any:
        """['button', 'Kích hoạt', 'mark'] → the named fields."""
        if not isinstance(value, list):
            return value
        if not 1 <= len(value) <= 3 or (len(value) == 3 and value[2] != "mark"):
            raise ValueError("a row is [kind], [kind, words] or [kind, words, mark]")
        return {"kind": value[0], "text": str(value[1]) if len(value) > 1 else "", "marked": len(value) == 3}

    @model_validator(mode="after")
    def known(self) -> "Row":
        """The kit draws only what it knows; where a row has cells, the star takes the place of the mark."""
        if self.kind not in ROW_KINDS:
            raise ValueError(f"no row of the kit is called «{self.kind}»")
        if self.kind in CELL_KINDS and self.marked:
            raise ValueError("mark one cell with a star («a|b*|c»), not the whole row")
        return self

    @property
    def is_target(self) -> bool:
        """Whether something on it is marked."""
        return self.marked or (self.kind in CELL_KINDS and "*" in self.text)


class Screen(_Strict):
    """A drawn phone screen: a title bar (may be empty) and up to seven rows."""

    title: str = Field("", max_length=28)
    rows: list[Row] = Field(min_length=1, max_length=7)


class Helper(_Strict):
    """For the volunteer beside the learner: what to say or watch, and what never to do."""

    say: str = Field(max_length=400)
    never: str = Field("", max_length=240)


class Link(_Strict):
    """One official address that the step names."""

    url: str
    label: str = Field(max_length=60)


class Track(_Strict):
    """A voice in another language of the country: words that a machine reads (a recording is added in the editor)."""

    language: str = Field(max_length=8)
    region: str = Field("", max_length=24)
    says: str = Field(max_length=400)


class Variant(_Strict):
    """How the step reads on an iPhone, where it differs."""

    text: str = Field("", max_length=240)
    screen: Screen | None = None


class Step(_Strict):
    """One act."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    text: str = Field(max_length=240)
    screen: Screen
    iphone: Variant | None = None
    do: list[Annotated[str, Field(max_length=120)]] = Field(default_factory=list, max_length=3)
    dont: list[Annotated[str, Field(max_length=120)]] = Field(default_factory=list, max_length=3)
    hints: list[tuple[Annotated[str, Field(max_length=90)], Annotated[str, Field(max_length=240)]]] = Field(
        default_factory=list, max_length=4
    )
    terms: list[str] = Field(default_factory=list, max_length=2)
    link: Link | None = None
    helper: Helper
    tracks: list[Track] = Field(default_factory=list, max_length=4)


class Rehearsal(_Strict):
    """One screen of the rehearsal phone: a task, a screen with exactly one right place, a hint for a wrong tap."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    task: str = Field(max_length=160)
    screen: Screen
    hint: str = Field(max_length=160)

    @model_validator(mode="after")
    def one_place(self) -> "Rehearsal":
        """Exactly one place is right, and at least one other can be tapped wrongly."""
        marks = sum(row.marked + (row.text.count("*") if row.kind in CELL_KINDS else 0) for row in self.screen.rows)
        if marks != 1:
            raise ValueError(f"a rehearsal screen has one right place, not {marks}")
        return self


class Option(_Strict):
    """One answer: [words, why] or [words, why, right]."""

    text: str = Field(max_length=90)
    why: str = Field(max_length=200)
    right: bool = False

    @model_validator(mode="before")
    @classmethod
    def from_list(cls, value: Any) -> Any:
        """['Cúp máy', 'Đúng rồi ạ…', 'right'] → the named fields."""
        if not isinstance(value, list):
            return value
        if not 2 <= len(value) <= 3 or (len(value) == 3 and value[2] != "right"):
            raise ValueError("an answer is [words, why] or [words, why, right]")
        return {"text": value[0], "why": value[1], "right": len(value) == 3}


class Choice(_Strict):
    """A question with two to four answers, one of them right."""

    kind: Literal["choice"] = "choice"
    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    question: str = Field(max_length=160)
    options: list[Option] = Field(min_length=2, max_length=4)
    hint: str = Field(max_length=160)

    @model_validator(mode="after")
    def one_right(self) -> "Choice":
        """One right answer."""
        if sum(option.right for option in self.options) != 1:
            raise ValueError("one answer is right")
        return self


class Scam(_Strict):
    """Real or fake: a message, a call, a link, an app or a video, and the reason."""

    kind: Literal["scam"]
    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    medium: Literal["message", "call", "link", "app", "video"]
    sender: str = Field(max_length=60)
    body: str = Field(max_length=240)
    fake: bool
    why: str = Field(max_length=240)
    hint: str = Field(max_length=160)


class Words(_Strict):
    """A lesson in one language."""

    title: str = Field(max_length=80)
    short: str = Field(max_length=24)
    summary: str = Field(max_length=200)
    for_whom: str = Field("", max_length=240)
    needs: list[str] = Field(default_factory=list, max_length=6)
    papers: list[str] = Field(default_factory=list, max_length=6)
    warnings: list[str] = Field(default_factory=list, max_length=4)
    steps: list[Step] = Field(min_length=3, max_length=rules.MAX_STEPS)
    rehearsal: list[Rehearsal] = Field(default_factory=list, max_length=8)
    quiz: list[Choice | Scam] = Field(default_factory=list, max_length=8)
    closing: str = Field(max_length=240)
    keywords: str = Field("", max_length=240)


def _as_date(value: Any) -> Any:
    return value if isinstance(value, date) else str(value)


class Lesson(_Strict):
    """One shipped lesson."""

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    topic: str
    order: int
    minutes: int = Field(ge=1, le=7)
    icon: str
    apps: list[str] = Field(default_factory=list)
    boxes: list[str] = Field(default_factory=list)
    procedures: list[str] = Field(default_factory=list)
    reviewed_on: Annotated[date, BeforeValidator(_as_date)]
    review_by: Annotated[date, BeforeValidator(_as_date)]
    sources: list[str] = Field(min_length=1)
    vi: Words
    en: Words | None = None

    @model_validator(mode="after")
    def same_steps(self) -> "Lesson":
        """Both languages have the same steps, each key once."""
        for part in ("steps", "rehearsal", "quiz"):
            keys = [entry.key for entry in getattr(self.vi, part)]
            if len(set(keys)) != len(keys):
                raise ValueError(f"a key stands twice in {part}")
            if self.en is not None and [entry.key for entry in getattr(self.en, part)] != keys:
                raise ValueError(f"both languages need the same {part}, in the same order")
        return self

    def words(self, language: str) -> Words | None:
        """The lesson in a language; None where it is not translated."""
        return self.vi if language == "vi" else self.en


Model = TypeVar("Model", bound=BaseModel)


def read(name: str) -> dict[str, Any]:
    """One file of learning/content/, e.g. 'site.yaml'. ContentError if it is no YAML mapping."""
    try:
        found = yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{name}: {error}") from error
    if not isinstance(found, dict):
        raise ContentError(f"{name}: not a mapping")
    return found


def checked(model: type[Model], data: Any, name: str) -> Model:
    """The data as a model. ContentError with every wrong place, one a line."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [f"{name}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ContentError("\n".join(lines)) from error


@cache
def lesson_files() -> tuple[Lesson, ...]:
    """Every shipped lesson, in the order in which they get their numbers. ContentError if two share a place."""
    found = [
        checked(Lesson, read(f"lessons/{path.name}"), path.name)
        for path in sorted((CONTENT / "lessons").glob("*.yaml"))
    ]
    for name in ("order", "slug"):
        values = [getattr(lesson, name) for lesson in found]
        if twice := {value for value in values if values.count(value) > 1}:
            raise ContentError(f"two lessons have the same {name}: {twice}")
    return tuple(sorted(found, key=lambda lesson: lesson.order))


def step_id(slug: str, key: str) -> str:
    """The stable id of a shipped step: the same in both languages and in every installation."""
    return str(uuid.uuid5(_STEPS, f"{slug}/{key}"))


def findings(words: Words) -> list[rules.Finding]:
    """What the editor's rules say about one language of a lesson."""
    found: list[rules.Finding] = []
    if not words.rehearsal and not words.quiz:
        found.append(rules.Finding("warn", "no_practice"))
    for step in words.steps:
        place = f"step {step.key}"
        found += rules.text_findings(step.text, place)
        if step.iphone and step.iphone.text:
            found += rules.text_findings(step.iphone.text, f"{place} iphone")
        if step.link and not rules.is_official(step.link.url):
            found.append(rules.Finding("block", "link", place, step.link.url))
        rest = [
            *step.do,
            *step.dont,
            *(text for hint in step.hints for text in hint),
            step.helper.say,
            step.helper.never,
        ]
        for text in rest:
            found += rules.word_findings(text, place)
    for one in words.rehearsal:
        found += rules.text_findings(one.task, f"rehearsal {one.key}")
        found += rules.text_findings(one.hint, f"rehearsal {one.key} hint")
    for question in words.quiz:
        place = f"quiz {question.key}"
        if isinstance(question, Choice):
            found += rules.text_findings(question.question, place)
            found += [one for option in question.options for one in rules.word_findings(option.why, place)]
        else:
            found += rules.word_findings(question.why, place)
        found += rules.text_findings(question.hint, f"{place} hint")
    for text in (
        words.title,
        words.summary,
        words.for_whom,
        words.closing,
        *words.needs,
        *words.papers,
        *words.warnings,
    ):
        found += rules.word_findings(text, "cover")
    return found


def main(slugs: list[str]) -> int:
    """Say what is wrong, file by file; 0 when nothing is."""
    wrong = 0
    for path in sorted((CONTENT / "lessons").glob("*.yaml")):
        if slugs and path.stem not in slugs:
            continue
        try:
            lesson = checked(Lesson, read(f"lessons/{path.name}"), path.name)
        except ContentError as error:
            sys.stdout.write(f"{error}\n")
            wrong += 1
            continue
        for code in LANGUAGES:
            words = lesson.words(code)
            for one in findings(words) if words else []:
                sys.stdout.write(f"{path.name} {code} {one.level} {one.code} {one.where}: {one.detail}\n")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
