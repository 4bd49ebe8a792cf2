"""The rooms: not too large, `__init__.py` empty, keys point downstairs."""

from pathlib import Path

from django.apps import apps
from django.db import models

BASE = Path(__file__).resolve().parents[2]
APPS = ("project", "learning", "volunteers", "tests")
FLOORS = [
    ("audit",),
    ("access",),
    ("areas",),
    ("teams",),
    ("households", "requests"),
    ("availability", "targets"),
    ("sessions",),
    ("visits",),
    ("activations",),
    ("planning", "field"),
    ("dashboards", "notifications", "reports"),
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
LIMITS = {".py": 400, ".js": 400, ".mjs": 400, ".css": 400, ".html": 200}


def files(*suffixes: str) -> list[Path]:
    """Our own files with one of the endings."""
    found = [path for app in (*APPS, "templates") for path in (BASE / app).rglob("*") if path.suffix in suffixes]
    return [path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts]


def test_no_file_is_larger_than_its_limit() -> None:
    paths = files(*LIMITS)
    assert len(paths) > 300
    too_long = {
        str(path.relative_to(BASE)): lines
        for path in paths
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMITS[path.suffix]
    }
    assert too_long == {}


def test_every_init_is_empty() -> None:
    inits = [path for app in APPS for path in (BASE / app).rglob("__init__.py")]
    assert len(inits) > 30
    assert [str(path) for path in inits if path.read_text().strip()] == []


def slice_of(model: type[models.Model]) -> str:
    """'visits' for volunteers.visits.models."""
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "volunteers" else ""


def test_foreign_keys_point_downstairs() -> None:
    wrong = []
    seen = 0
    for model in apps.get_app_config("volunteers").get_models(include_auto_created=True):
        here = slice_of(model)
        if not here:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or target is None or not slice_of(target):
                continue
            seen += 1
            there = slice_of(target)
            if there != here and FLOOR[there] >= FLOOR[here]:
                wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert seen > 40
    assert wrong == []


def test_every_slice_has_its_floor() -> None:
    slices = {path.name for path in (BASE / "volunteers").iterdir() if (path / "__init__.py").exists()}
    assert slices - {"migrations", "management", "templatetags"} == set(FLOOR)
