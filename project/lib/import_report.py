"""What became of a file: the report every import gives (contract §3)."""

from dataclasses import dataclass, field
from typing import Any

from project.lib.import_columns import is_coordinate
from project.lib.input_guard import masks

_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row was left out; `error` may be a lazily translated text."""

    row: int
    column: str
    value: str
    error: Any

    def to_json(self) -> dict[str, Any]:
        """Plain values; what looks like a secret in `value` is masked, long values are cut."""
        value = self.value if is_coordinate(self.value) else masks(self.value)
        if len(value) > _LONGEST_VALUE:
            value = value[: _LONGEST_VALUE - 1] + "…"
        return {"row": self.row, "column": self.column, "value": value, "error": str(self.error)}


@dataclass(slots=True)
class ImportReport:
    """The figures of one run; read = created + updated + duplicates + rejected rows, always."""

    read: int = 0
    created: int = 0
    updated: int = 0
    duplicates: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    refused: dict[str, Any] | None = None

    @classmethod
    def refuse(cls, error: Any, column: str | None = None) -> "ImportReport":
        """The report of a file refused whole: all figures 0."""
        return cls(refused={"error": error} if column is None else {"column": column, "error": error})

    def reject(self, row: int, column: str, value: str, error: Any) -> None:
        """Note one fault of a row; a row may have several and still counts once."""
        self.rejected.append(Rejection(row, column, value, error))

    @property
    def rejected_rows(self) -> set[int]:
        """The file's numbers of the rows left out."""
        return {rejection.row for rejection in self.rejected}

    @property
    def is_clean(self) -> bool:
        """True if nothing was refused or left out (a command's exit 0)."""
        return self.refused is None and not self.rejected

    def verify(self) -> None:
        """ValueError if the figures do not add up: a fault of the importer, not of the file."""
        told = self.created + self.updated + self.duplicates + len(self.rejected_rows)
        if self.read != told:
            raise ValueError(f"{self.read} rows read, {told} accounted for")
        if self.refused is not None and self.read:
            raise ValueError("a file refused whole has no rows")

    def to_json(self) -> dict[str, Any]:
        """The report as plain values, texts in the active language; `refused` only where it was."""
        self.verify()
        answer: dict[str, Any] = {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "duplicates": self.duplicates,
            "rejected": [rejection.to_json() for rejection in self.rejected],
            "ignored_columns": list(self.ignored_columns),
        }
        if self.refused is not None:
            answer["refused"] = {key: str(value) for key, value in self.refused.items()}
        return answer
