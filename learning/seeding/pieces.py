"""The reusable pieces that ship: paths, glossary, apps, boxes, procedures, contacts. An editor's words stay."""

from typing import Any

from django.db.models import Model

from learning.reference.actions import search_key_of_procedure
from learning.reference.models import AppVersion, GlossaryTerm, HelpContact, Procedure, Track, WarningBox
from learning.seeding.digests import digest
from learning.seeding.files import read
from learning.seeding.models import ShippedContent


def seed_pieces(report: Any) -> None:
    """Make or bring up to date every piece of reference.yaml; fills `report.tracks` and `report.taught`."""
    data = read("reference.yaml")
    for row in data["tracks"]:
        report.tracks[row["key"]] = row["topics"]
        _piece(report, Track, row["key"], {
            "title_vi": row["vi"], "title_en": row["en"], "intro_vi": row["intro_vi"], "intro_en": row["intro_en"],
            "position": row["position"],
        })  # fmt: skip
    for row in data["terms"]:
        _piece(report, GlossaryTerm, row["key"], {
            "term_vi": row["vi"]["term"], "term_en": row["en"]["term"],
            "meaning_vi": row["vi"]["meaning"], "meaning_en": row["en"]["meaning"],
        })  # fmt: skip
    for row in data["apps"]:
        names = ("name", "version", "checked_on", "store_note_vi", "store_note_en")
        _piece(
            report,
            AppVersion,
            row["key"],
            {name: row.get(name) or ("" if name != "checked_on" else None) for name in names},
        )
    for row in data["boxes"]:
        _piece(report, WarningBox, row["key"], {
            "level": row["level"], "title_vi": row["vi"]["title"], "title_en": row["en"]["title"],
            "body_vi": row["vi"]["body"], "body_en": row["en"]["body"],
        })  # fmt: skip
    for row in data["procedures"]:
        if row.get("lesson"):
            report.taught[row["key"]] = row["lesson"]
        _piece(report, Procedure, row["key"], {
            "name_vi": row["vi"]["name"], "name_en": row["en"]["name"],
            "papers_vi": "\n".join(row["vi"]["papers"]), "papers_en": "\n".join(row["en"]["papers"]),
            "note_vi": row["vi"].get("note") or "", "note_en": row["en"].get("note") or "", "place": row["where"],
            "link": row.get("link") or "", "keywords": row.get("keywords") or "",
        })  # fmt: skip
    for row in data["contacts"]:
        _piece(report, HelpContact, row["key"], {
            "name_vi": row["vi"]["name"], "name_en": row["en"]["name"], "note_vi": row["vi"].get("note") or "",
            "note_en": row["en"].get("note") or "", "phone": str(row["phone"]), "source": row["source"],
        })  # fmt: skip


def _piece(report: Any, model: type[Model], key: str, values: dict[str, Any]) -> None:
    name = f"{model._meta.model_name}/{key}"
    shipped = ShippedContent.objects.filter(key=name).first()
    row: Any = model._default_manager.filter(key=key).first()
    if row is None:
        if shipped is not None:  # an editor removed it
            report.kept.append(name)
            return
        row = model(key=key)
        report.created.append(name)
    elif shipped is None or _state(row, values) != shipped.result_digest:
        report.kept.append(name)
        return
    elif shipped.file_digest == digest(values):
        report.unchanged += 1
        return
    else:
        report.updated.append(name)
    for field, value in values.items():
        setattr(row, field, value)
    if isinstance(row, Procedure):
        row.folded = search_key_of_procedure(row)
    row.full_clean()
    row.save()
    ShippedContent.objects.update_or_create(
        key=name, defaults={"file_digest": digest(values), "result_digest": _state(row, values)}
    )


def _state(row: Model, values: dict[str, Any]) -> str:
    return digest({name: getattr(row, name) for name in values})
