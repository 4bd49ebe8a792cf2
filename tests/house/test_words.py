"""The words: everything that has a name is in the glossary, and every string on a screen has Vietnamese."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from django.apps import apps

from project.management.commands.catalogues import found, load, merged, text_of, untranslated
from volunteers.access.policy import TABLE
from volunteers.access.roles import Role

BASE = Path(__file__).resolve().parents[2]
GLOSSARY = (BASE / "project/docs/glossary.md").read_text(encoding="utf-8")
WORDS = {word.lower() for word in re.findall(r"[A-Za-z_0-9]+", GLOSSARY)}
PO = BASE / "project/locale/vi/LC_MESSAGES/django.po"
ACTION = re.compile(r"""record\(\s*["']([a-z_]+)\.([a-z_0-9]+)["']""")


def knows(noun: str) -> bool:
    """Whether the glossary has the noun, or its parts ('sign_up' as SignUp, 'level2_drive' as it stands)."""
    return noun in WORDS or noun.replace("_", "") in WORDS


def test_every_model_is_in_the_glossary() -> None:
    names = [model.__name__ for label in ("accounts", "learning", "volunteers")
             for model in apps.get_app_config(label).get_models()]  # fmt: skip
    assert len(names) > 40
    assert [name for name in names if not knows(name.lower())] == []


def test_every_role_is_in_the_glossary() -> None:
    assert [role.value for role in Role if not knows(role.value)] == []


def test_the_nouns_of_permissions_are_in_the_glossary() -> None:
    assert [name for name in TABLE if not knows(name.split(".")[0])] == []


def test_the_nouns_of_audit_actions_are_in_the_glossary() -> None:
    actions = {match for path in (BASE / "volunteers").rglob("*.py") for match in ACTION.findall(path.read_text())}
    assert len(actions) > 30
    assert sorted({f"{noun}.{verb}" for noun, verb in actions if not knows(noun)}) == []


def test_every_string_has_vietnamese() -> None:
    catalog = merged(load(PO), found(BASE))
    assert untranslated(catalog) == []


def test_the_catalogue_is_the_one_that_the_command_writes() -> None:
    assert text_of(merged(load(PO), found(BASE))) == PO.read_text(encoding="utf-8")


def test_placeholders_survive_translation() -> None:
    wrong = []
    catalog: Catalog = load(PO)
    pattern = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}")
    for message in catalog:
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        allowed = {part for text in ids for part in pattern.findall(text)}
        for string in strings:
            if message.id and set(pattern.findall(str(string))) - allowed:
                wrong.append(ids[0])
    assert wrong == []
