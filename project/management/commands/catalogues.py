"""Extracts, merges and compiles the catalogues with Babel: no system gettext is needed (house.md D15)."""

import io
import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

KEYWORDS: dict[str, Any] = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "_now": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
OURS = ("project", "learning", "volunteers")
PLACEHOLDER = re.compile(r"%\(\w+\)[-+#0 ]*\d*(?:\.\d+)?[a-zA-Z]|%[sdr]|\{\w*\}|</?[a-zA-Z][^>]*>")


class Command(BaseCommand):
    help = "Extract, merge and compile the Vietnamese catalogues. --check fails when one is not complete."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compile-only", action="store_true", help="only write the .mo files")
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is missing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES"
        po = folder / "django.po"
        borrowed = {path: load(path, path.stem) for path in borrowed_files()}
        if not options["check"]:
            for path, words in borrowed.items():
                compile_to(path, words)
        if options["compile_only"]:
            catalog = load(po)
            compile_to(po, catalog)
            self._report({"messages": len(catalog), "missing": []}, options["json"])
            return
        catalog = merged(load(po) if po.exists() else Catalog(locale="vi"), found(Path(settings.BASE_DIR)))
        missing = untranslated(catalog) + [fault for words in borrowed.values() for fault in faults(words)]
        stale = po.exists() and text_of(catalog) != po.read_text(encoding="utf-8")
        if not options["check"]:
            folder.mkdir(parents=True, exist_ok=True)
            po.write_text(text_of(catalog), encoding="utf-8")
            compile_to(po, catalog)
        self._report({"messages": len(catalog), "missing": missing}, options["json"])
        if options["check"] and (missing or stale):
            self.stderr.write("the catalogue is not up to date: run manage.py catalogues and translate what is missing")
            raise SystemExit(1)

    def _report(self, result: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write(f"{result['messages']} messages, {len(result['missing'])} without Vietnamese")
            for text in result["missing"][:50]:
                self.stdout.write(f"  - {text}")


def found(base: Path) -> dict[tuple[str | None, str], str | None]:
    """Every marked string of code and templates: (context, singular) → plural or None."""
    messages: dict[tuple[str | None, str], str | None] = {}
    sources = [path for app in OURS for path in sorted((base / app).rglob("*.py"))]
    for path in sources + sorted((base / "templates").rglob("*.*")):
        if "migrations" in path.parts or path.suffix not in {".py", ".html", ".txt"}:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Babel reads it as Python, where a page's indentation would mean something.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            singular, plural = message if isinstance(message, tuple) else (message, None)
            if singular:
                key = (context, singular)
                messages[key] = plural or messages.get(key)
    return messages


def merged(old: Catalog, messages: dict[tuple[str | None, str], str | None]) -> Catalog:
    """A catalogue of exactly `messages`, with the translations that `old` has."""
    catalog = Catalog(locale="vi", domain="django", project="go-cua", charset="utf-8", fuzzy=False, header_comment="")
    for context, singular in sorted(messages, key=lambda item: (item[1], item[0] or "")):
        plural = messages[context, singular]
        before = old.get(singular, context)
        string: Any = before.string if before is not None else ""
        if plural:
            string = string if isinstance(string, tuple) else (string,)
        elif isinstance(string, tuple):
            string = string[0]
        flags = {flag for flag in (before.flags if before else ()) if flag != "fuzzy"}
        catalog.add((singular, plural) if plural else singular, string, context=context, flags=flags)
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """The source strings without Vietnamese."""
    missing = []
    for message in catalog:
        if message.id:
            strings = message.string if isinstance(message.string, tuple | list) else [message.string]
            if not all(strings) or not strings:
                missing.append(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return missing


def borrowed_files() -> list[Path]:
    """The catalogues of other people's msgids (Wagtail and its companions): compiled, never extracted."""
    folders = [Path(folder) / "vi" / "LC_MESSAGES" for folder in settings.LOCALE_PATHS[1:]]
    return [path for folder in folders for path in sorted(folder.glob("*.po"))]


def faults(catalog: Catalog) -> list[str]:
    """The source strings without Vietnamese, marked as fuzzy, or with a placeholder or tag that is not theirs."""
    wrong = untranslated(catalog)
    for message in catalog:
        if not message.id:
            continue
        ids = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
        strings = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
        # Vietnamese has one form: it carries what the plural carries, or, where the English forms differ, the singular.
        allowed = [sorted(PLACEHOLDER.findall(ids[-1]))]
        if len(ids) > 1 and PLACEHOLDER.search(ids[0]):
            allowed.append(sorted(PLACEHOLDER.findall(ids[0])))
        if message.fuzzy or any(string and sorted(PLACEHOLDER.findall(string)) not in allowed for string in strings):
            wrong.append(ids[0])
    return wrong


def load(path: Path, domain: str = "django") -> Catalog:
    """The catalogue in the file."""
    with path.open("rb") as source:
        return read_po(source, locale="vi", domain=domain)


def compile_to(po: Path, catalog: Catalog) -> None:
    """Write the catalogue beside its .po file as .mo."""
    with po.with_suffix(".mo").open("wb") as out:
        write_mo(out, catalog)


def text_of(catalog: Catalog) -> str:
    """The catalogue as a .po file without dates, so that the same strings give the same bytes."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, omit_header=True, no_location=True, sort_output=True, width=110)
    header = (
        'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return header + buffer.getvalue().decode()
