"""A commune's roster of households from a spreadsheet (contract §3), written in short transactions."""

import pickle
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now
from project.lib.import_columns import id_number_column
from project.lib.import_report import ImportReport
from project.lib.spreadsheets import Column, FileRefused, Matched, Table
from project.lib.vietnamese import fold
from volunteers.access.policy import require
from volunteers.areas.actions import AreaRefused, add_hamlet
from volunteers.areas.importers import split_kind
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.households.adapter import COLUMNS, HEADERS, Draft, Reader
from volunteers.households.models import Consent, Household
from volunteers.households.queries import highest_made_code, lock_commune, made_code
from volunteers.households.rules import CONSENT_VERSION, same_keys

Progress = Callable[[int, int], None]  # rows done, rows in all
OnDuplicate = Literal["skip", "update"]
CHUNK = 250  # rows a transaction: some 100 ms of SQLite's write lock
_MADE = re.compile(r"H-(\d{1,9})")
_UPDATED = [
    "code", "has_made_code", "hamlet", "lane", "lane_folded", "call_name", "same_key", "people", "good_time",
    "priority", "language", "woman_wanted", "phone", "lat", "lon", "updated_at",
]  # fmt: skip


def import_households(
    table: Table,
    commune: Area,
    *,
    by: User | None,
    create_hamlets: bool = False,
    on_duplicate: OnDuplicate = "skip",
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Take in a roster; the report of contract §3, row by row. Never raises for what is in the file.

    The same household is the same code, else the same hamlet, lane and call name after folding; a row that brings a
    code of its own is the same door only as one whose code we made (the commune's codes tell doors apart). `update`
    writes what the file tells, an empty cell leaves things as they are; «không» under consent forgets the number.
    The order of the list is kept as the walking order. `mapping`: our key → the file's header.
    """
    require(by, "import.run", commune)
    require(by, "household.manage", commune)
    try:
        matched = table.match(COLUMNS) if mapping is None else mapped_by(table, COLUMNS, mapping)
        survey = _Survey(table, matched)
    except FileRefused as refusal:
        return refusal.report()
    report = ImportReport(ignored_columns=list(matched.ignored))
    reader = Reader(commune, matched, report, create_hamlets=create_hamlets)
    run = _Run(reader, commune, by, update=on_duplicate == "update", dry_run=dry_run, highest=survey.highest)
    with survey:
        for rows in survey.chunks(CHUNK):
            report.read += len(rows)
            run.take([draft for number, values in rows if (draft := reader.read(number, values)) is not None])
            if on_progress is not None:
                on_progress(report.read, survey.total)
    report.rejected.sort(key=lambda rejection: rejection.row)
    if not dry_run and (report.created or report.updated):
        counts = {name: getattr(report, name) for name in ("created", "updated", "duplicates")}
        with transaction.atomic():
            record("household.imported", commune, by=by, rejected=len(report.rejected_rows), **counts)
    return report


def mapped_by(table: Table, spec: Sequence[Column], mapping: Mapping[str, str]) -> Matched:
    """The columns as a person chose them; FileRefused where a required one has no header of this file."""
    keys = {column.key for column in spec}
    columns = {key: header for key, header in mapping.items() if key in keys and header in table.headers}
    for column in spec:
        if column.required and column.key not in columns:
            raise FileRefused("missing_column", column.names[0])
    return Matched(columns, [header for header in table.headers if header not in columns.values()], [])


class _Survey:
    """One pass before anything is written: FileRefused for ID numbers; `total` rows; the highest H-number they bring.

    The rows are kept aside meanwhile, in memory or a nameless file: reading a workbook twice costs more than all else.
    """

    def __init__(self, table: Table, matched: Matched) -> None:
        self.total = self.highest = 0
        self.code_header = matched.columns.get("code")
        self.spool = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115  # closed by __exit__
        try:
            column = id_number_column(table.headers, self._kept(table))
            if column is not None:
                raise FileRefused("id_column", column)
        except BaseException:
            self.spool.close()
            raise

    def __enter__(self) -> "_Survey":
        return self

    def __exit__(self, *_reason: object) -> None:
        self.spool.close()

    def _kept(self, table: Table) -> Iterator[tuple[int, dict[str, str]]]:
        for number, values in table:
            self.total += 1
            if self.code_header and (found := _MADE.fullmatch(values[self.code_header])):
                self.highest = max(self.highest, int(found[1]))
            pickle.dump((number, values), self.spool)
            yield number, values

    def chunks(self, size: int) -> Iterator[list[tuple[int, dict[str, str]]]]:
        """The rows again, `size` at a time."""
        self.spool.seek(0)
        for first in range(0, self.total, size):
            yield [pickle.load(self.spool) for _row in range(min(size, self.total - first))]


class _Door(Protocol):
    """What tells whether a row means a household that is known already."""

    pk: Any
    code: str
    same_key: str
    has_made_code: bool
    status: str


@dataclass(slots=True)
class _Rehearsed:
    """A household that a dry run would have made."""

    pk: Any
    code: str
    same_key: str
    has_made_code: bool
    status: str = Household.Status.WAITING


class _Known:
    """The households that the rows of one chunk may mean; `earlier`: those that the chunks before would have made."""

    def __init__(self, earlier: "_Known | None" = None) -> None:
        self.by_code: dict[str, Any] = {}
        self.by_key: dict[str, list[Any]] = {}
        self.earlier = earlier

    def add(self, household: _Door) -> None:
        """Let it be found from here on."""
        self.by_code[household.code] = household
        self.by_key.setdefault(household.same_key, []).append(household)

    def find(self, draft: Draft, keys: Sequence[str], claimed: Mapping[Any, str]) -> Any:
        """The household that the row means, or None; see import_households."""
        if draft.code and draft.code in self.by_code:
            return self.by_code[draft.code]
        for household in (one for key in keys for one in self.by_key.get(key, [])):
            if not draft.code or (household.has_made_code and claimed.get(household.pk, draft.code) == draft.code):
                return household
        return self.earlier.find(draft, keys, claimed) if self.earlier else None


class _Run:
    """The state of one import between its chunks."""

    def __init__(
        self, reader: Reader, commune: Area, by: User | None, *, update: bool, dry_run: bool, highest: int
    ) -> None:
        self.reader, self.report, self.commune, self.by = reader, reader.report, commune, by
        self.update, self.dry_run, self.highest = update, dry_run, highest
        self.claimed: dict[Any, str] = {}  # a household whose code we made → the code that a row brought for it
        self.rehearsed = _Known()  # of a dry run: what it would have written
        services: Any = Household._meta.get_field("needs").related_model
        self.services = dict(services.objects.values_list("code", "pk"))

    def take(self, drafts: list[Draft]) -> None:
        """Write one chunk (or rehearse it)."""
        drafts = [draft for draft in drafts if self._place(draft)]
        if self.dry_run:
            batch = _Batch(self, drafts)
            batch.sort_out()
            self._count(batch.counts)
        elif drafts:
            self._write(drafts)

    def _write(self, drafts: list[Draft]) -> None:
        """In one transaction; where the database refuses it, row by row, so that one row costs only itself."""
        try:
            with transaction.atomic():
                batch = _Batch(self, drafts)
                batch.write()
        except IntegrityError:
            if len(drafts) == 1:
                column = self.reader.matched.columns.get("code", HEADERS["code"])
                error = _("This household was changed by somebody else just now. Send this row once more.")
                self.report.reject(drafts[0].row, column, drafts[0].code, error)
            else:
                for draft in drafts:
                    self._write([draft])
            return
        self.claimed = batch.claimed
        self._count(batch.counts)

    def _count(self, counts: Counter[str]) -> None:
        for name in ("created", "updated", "duplicates"):
            setattr(self.report, name, getattr(self.report, name) + counts[name])

    def _place(self, draft: Draft) -> bool:
        """Make sure that the row's hamlet is there; a hamlet that cannot be made costs the row."""
        if isinstance(draft.hamlet, Area):
            return True
        hamlets = self.reader.hamlets
        if found := hamlets.find(draft.hamlet):  # an earlier row made it
            draft.hamlet = found[0]
            return True
        kind, name = split_kind(draft.hamlet)
        if self.dry_run:
            code = f"{self.commune.code}-?{fold(draft.hamlet)}"
            hamlet = Area(code=code, name=name, full_name=draft.hamlet, parent=self.commune)
        else:
            try:
                hamlet = add_hamlet(self.commune, by=self.by, name=name, kind=kind or Area.Kind.THON)
            except AreaRefused as refusal:
                column = self.reader.matched.columns["hamlet"]
                self.report.reject(draft.row, column, draft.hamlet, refusal.message)
                return False
        hamlets.add(hamlet)
        draft.hamlet = hamlet
        return True


class _Batch:
    """One chunk: what is new, what changes, what is there already; then the few statements that write it."""

    def __init__(self, run: _Run, drafts: list[Draft]) -> None:
        self.run, self.drafts = run, drafts
        self.known = _Known(earlier=run.rehearsed if run.dry_run else None)
        self.counts: Counter[str] = Counter()
        self.created: list[Household] = []
        self.changed: dict[Any, Household] = {}
        self.needs: dict[Any, list[str]] = {}
        self.consents: list[Consent] = []
        self.claimed = dict(run.claimed)
        self.next_code = 0

    def write(self) -> None:
        """Everything of this chunk, in the caller's transaction."""
        lock_commune(self.run.commune)
        self.next_code = max(self.run.highest, highest_made_code(self.run.commune)) + 1
        self.sort_out()
        Household.objects.bulk_create(
            self.changed.values(), update_conflicts=True, unique_fields=["id"], update_fields=_UPDATED
        )
        Household.objects.bulk_create(self.created)
        self._write_needs()
        Consent.objects.bulk_create(self.consents)

    def sort_out(self) -> None:
        """What each row means."""
        hamlets = [draft.hamlet for draft in self.drafts if isinstance(draft.hamlet, Area)]
        rows = list(zip(self.drafts, hamlets, strict=True))
        keys = [same_keys(hamlet.code, draft.lane, draft.call_name) for draft, hamlet in rows]
        self._look_up(keys)
        for (draft, hamlet), own in zip(rows, keys, strict=True):
            household = self.known.find(draft, own, self.claimed)
            if household is None:
                self._create(draft, hamlet, own[0])
                self.counts["created"] += 1
                continue
            if draft.code and household.has_made_code:
                self.claimed[household.pk] = draft.code
            if self.run.update and household.status != Household.Status.MERGED:
                if isinstance(household, Household) and not self.run.dry_run:
                    self._change(household, draft, hamlet)
                self.counts["updated"] += 1
            else:
                self.counts["duplicates"] += 1

    def _look_up(self, keys: list[tuple[str, ...]]) -> None:
        wanted = models.Q(same_key__in=[key for own in keys for key in own])
        if codes := [draft.code for draft in self.drafts if draft.code]:
            wanted |= models.Q(code__in=codes)
        rows = Household.objects.filter(wanted, commune=self.run.commune).order_by("code")
        if not self.run.update:
            rows = rows.only("id", "code", "same_key", "has_made_code", "status")
        for household in rows:
            self.known.add(household)

    def _create(self, draft: Draft, hamlet: Area, key: str) -> None:
        if self.run.dry_run:
            self.run.rehearsed.add(_Rehearsed(draft.row, draft.code or f"?{draft.row}", key, not draft.code))
            return
        household = Household(
            code=draft.code or made_code(self.next_code), has_made_code=not draft.code, commune=self.run.commune,
            hamlet=hamlet, lane=draft.lane, lane_folded=fold(draft.lane), call_name=draft.call_name, same_key=key,
            phone=draft.phone, lane_order=draft.row, created_by=self.run.by, **draft.values,
        )  # fmt: skip
        self.next_code += not draft.code
        self.created.append(household)
        self.known.add(household)
        self.needs[household.pk] = draft.needs or []
        if draft.phone:
            self._consent(household, given=True)

    def _change(self, household: Household, draft: Draft, hamlet: Area) -> None:
        if draft.code and draft.code != household.code:
            household.code, household.has_made_code = draft.code, False
        household.hamlet = hamlet
        household.lane, household.lane_folded = draft.lane, fold(draft.lane)
        household.call_name = draft.call_name or household.call_name
        household.same_key = same_keys(hamlet.code, household.lane, household.call_name or "")[0]
        for name, value in draft.values.items():
            setattr(household, name, value)
        if draft.phone and draft.phone != household.phone:
            self._consent(household, given=True)
            household.phone = draft.phone
        elif draft.consent is False and household.phone:
            self._consent(household, given=False)
            household.phone = ""
        if draft.needs is not None:
            self.needs[household.pk] = draft.needs
        household.updated_at = now()
        self.known.add(household)
        if not household._state.adding:  # else it waits among the new ones
            self.changed[household.pk] = household

    def _consent(self, household: Household, *, given: bool) -> None:
        self.consents.append(
            Consent(
                household=household, purpose=Consent.Purpose.CALL_BACK, is_given=given, text_version=CONSENT_VERSION,
                channel=Consent.Channel.LIST, recorded_by=self.run.by,
            )
        )  # fmt: skip

    def _write_needs(self) -> None:
        through: Any = Household.needs.through
        renewed = [key for key in self.changed if key in self.needs]
        if renewed:
            through.objects.filter(household_id__in=renewed).delete()
        through.objects.bulk_create(
            through(household_id=key, service_id=self.run.services[code])
            for key, codes in self.needs.items()
            for code in codes
        )
