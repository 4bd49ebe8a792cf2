"""Verbs of a file that a lead brings: started, checked, taken in, thrown away.

The row is the queue: a worker claims it by a conditional update, so that a task that runs twice works once.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from project.accounts.models import User
from project.lib.clock import now
from project.lib.import_report import ImportReport
from project.lib.live import tell
from project.lib.refusal import Refusal
from project.lib.spreadsheets import Column, FileRefused, Table, match_headers, read_table, write_rejected
from volunteers.access.policy import require
from volunteers.areas import importers as hamlets
from volunteers.areas.models import Area, ImportRun
from volunteers.audit.log import record
from volunteers.households import importers as roster
from volunteers.households.adapter import COLUMNS
from volunteers.teams import importers as people

log = logging.getLogger(__name__)
Status = ImportRun.Status
Progress = Callable[[int, int], None]
LONGEST_WAIT = timedelta(hours=1)  # contract §3: no uploaded file lies here longer
SILENCE = timedelta(minutes=10)  # a worker that said nothing for so long is gone
KEPT = timedelta(hours=24)  # the rejected rows and the words of the report: time enough to mend them
TOLD_AT_MOST = 1_000  # faults in the report; the file of rejected rows has them all
WAITING = (Status.UPLOADED, Status.CHECKED, Status.QUEUED)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: its columns, and what takes it in (table, run, by, dry_run, progress)."""

    columns: list[Column]
    take: Callable[[Table, ImportRun, User, bool, Progress], ImportReport]


def _take_households(table: Table, run: ImportRun, by: User, dry_run: bool, progress: Progress) -> ImportReport:
    return roster.import_households(
        table, run.area, by=by, mapping=run.mapping, dry_run=dry_run, on_progress=progress,
        create_hamlets=bool(run.options.get("create_hamlets")),
        on_duplicate="update" if run.options.get("on_duplicate") == "update" else "skip",
    )  # fmt: skip


def _take_hamlets(table: Table, run: ImportRun, by: User, dry_run: bool, progress: Progress) -> ImportReport:
    def count(done: int) -> None:
        progress(done, run.total)

    return hamlets.import_hamlets(table, run.area, by=by, mapping=run.mapping, dry_run=dry_run, progress=count)


def _take_volunteers(table: Table, run: ImportRun, by: User, dry_run: bool, progress: Progress) -> ImportReport:
    def count(done: int) -> None:
        progress(done, run.total)

    report, _invitations = people.import_volunteers(
        table, run.area, by=by, mapping=run.mapping, dry_run=dry_run, on_progress=count,
        create_teams=bool(run.options.get("create_teams")),
    )  # fmt: skip
    return report  # the invitations' codes are shown on their own pages, never kept in a report


# Kinds of upper floors register themselves in volunteers/apps.py; a kind that is missing here is refused.
KINDS: dict[str, Kind] = {
    ImportRun.Kind.HOUSEHOLDS: Kind(COLUMNS, _take_households),
    ImportRun.Kind.HAMLETS: Kind(hamlets.COLUMNS, _take_hamlets),
    ImportRun.Kind.VOLUNTEERS: Kind(people.COLUMNS, _take_volunteers),
}


def start_import(area: Area, *, by: User, kind: str, file: IO[bytes], name: str) -> ImportRun:
    """Keep the file in the private storage until the run ends; the check is the queue's. Refusal for other kinds."""
    require(by, "import.run", area)
    if kind not in KINDS:
        raise Refusal("unknown_kind", gettext_lazy("Lists of this kind are not taken in here."))
    if area.level != Area.Level.COMMUNE or area.retired_on:
        raise Refusal("not_a_commune", gettext_lazy("Choose the commune that this list belongs to."))
    run = ImportRun(area=area, kind=kind, file_name=Path(name).name[:120], created_by=by)
    suffix = Path(name).suffix.lower()
    path = f"imports/{run.pk}{suffix if suffix in {'.xlsx', '.csv', '.xls', '.ods', '.txt', '.tsv'} else ''}"
    run.file_path = _storage().save(path, ContentFile(file.read()))
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            record("import.started", run, by=by, kind=kind)
    except BaseException:
        _storage().delete(run.file_path)
        raise
    return run


def recheck_import(run: ImportRun, *, by: User, mapping: Mapping[str, str], options: Mapping[str, Any]) -> bool:
    """Check the file once more with other columns or options; False if it has gone on meanwhile."""
    require(by, "import.run", run)
    with transaction.atomic():
        chosen = {"mapping": dict(mapping), "options": dict(options), "processed": 0}
        changed = _step(run.pk, Status.CHECKED, Status.UPLOADED, **chosen)
        if changed:
            record("import.rechecked", run, by=by)
    return changed


def confirm_import(run: ImportRun, *, by: User, options: Mapping[str, Any] | None = None) -> bool:
    """Take in what was checked; False if it has gone on meanwhile. Refusal when the check refused the file."""
    require(by, "import.run", run)
    if run.check_report.get("refused"):
        raise Refusal("not_ready", gettext_lazy("Choose the columns first, and check the file once more."))
    changed = {"processed": 0} | ({"options": dict(options)} if options is not None else {})
    with transaction.atomic():
        if not _step(run.pk, Status.CHECKED, Status.QUEUED, **changed):
            return False
        record("import.confirmed", run, by=by)
    return True


def discard_import(run: ImportRun, *, by: User | None) -> bool:
    """Throw the file away unseen; False if the run has begun or ended."""
    require(by, "import.run", run)
    with transaction.atomic():
        discarded = any(_step(run.pk, status, Status.DISCARDED, finished_at=now()) for status in WAITING)
        if discarded:
            record("import.discarded", run, by=by)
    if discarded:
        _delete(run.pk, "file_path")
        _delete(run.pk, "rejected_path")
        tell([f"import:{run.pk}"])
    return discarded


def check_import(run_id: UUID) -> None:
    """The dry run. Nothing if somebody else works on it."""
    if _step(run_id, Status.UPLOADED, Status.CHECKING, claimed_at=now()):
        _work(run_id, dry_run=True)


def run_import(run_id: UUID) -> None:
    """The real run. Nothing if somebody else works on it."""
    if _step(run_id, Status.QUEUED, Status.RUNNING, claimed_at=now()):
        _work(run_id, dry_run=False)


def _work(run_id: UUID, *, dry_run: bool) -> None:
    run = ImportRun.objects.select_related("area__parent", "created_by").get(pk=run_id)
    with translation.override(run.created_by.language if run.created_by else "vi"):
        try:
            if run.created_by is None:
                raise PermissionDenied("import.run")
            with _storage().open(run.file_path) as file:
                table = read_table(BytesIO(file.read()), run.file_name)
            report = _take(table, run, run.created_by, dry_run)
            rejected = _keep_rejected(run, table, report)
        except FileRefused as refusal:
            _end(run, Status.REFUSED, refusal.report(), dry_run=dry_run)
        except PermissionDenied:
            error = _("Whoever sent this file has no right to take it in any more.")
            _end(run, Status.REFUSED, ImportReport.refuse(error), dry_run=dry_run)
        except Exception:
            log.exception("import %s stopped", run_id)
            _end(run, Status.FAILED, None, dry_run=dry_run)
        else:
            if report.refused is not None and not _is_missing_column(report, table):
                _end(run, Status.REFUSED, report, dry_run=dry_run)
            elif dry_run:
                values = {"check_report": _told(report), "processed": report.read, "total": report.read}
                _step(run.pk, Status.CHECKING, Status.CHECKED, rejected_path=rejected, **values)
            else:
                _end(run, Status.DONE, report, dry_run=False, rejected_path=rejected)


def _take(table: Table, run: ImportRun, by: User, dry_run: bool) -> ImportReport:
    kind = KINDS[run.kind]
    if not run.mapping:
        run.mapping = match_headers(table.headers, kind.columns).columns
    ImportRun.objects.filter(pk=run.pk).update(mapping=run.mapping, headers=table.headers)
    missing = [column.names[0] for column in kind.columns if column.required and column.key not in run.mapping]
    if missing:
        table.refuse_id_numbers()
        return FileRefused("missing_column", missing[0]).report()
    return kind.take(table, run, by, dry_run, _teller(run))


def _is_missing_column(report: ImportReport, table: Table) -> bool:
    """A column that the file lacks: the lead may choose another for it, so the file is not lost yet."""
    column = (report.refused or {}).get("column")
    return column is not None and column not in table.headers


def _teller(run: ImportRun) -> Progress:
    """Notes and tells progress, about each 2 % or 500 rows."""
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done - told < min(500, max(1, total // 50)) and done != total:
            return
        told = done
        ImportRun.objects.filter(pk=run.pk).update(processed=done, total=max(total, done), claimed_at=now())
        tell([f"import:{run.pk}"])

    return progress


def _keep_rejected(run: ImportRun, table: Table, report: ImportReport) -> str:
    _delete(run.pk, "rejected_path")
    if not report.rejected:
        return ""
    out = BytesIO()
    write_rejected(table, report, out)
    return _storage().save(f"imports/{run.pk}-rejected.{table.kind}", ContentFile(out.getvalue()))


def _told(report: ImportReport) -> dict[str, Any]:
    told = report.to_json()
    told["rejected_rows"] = len(report.rejected_rows)
    told["rejected"] = told["rejected"][:TOLD_AT_MOST]
    return told


def _end(run: ImportRun, status: str, report: ImportReport | None, *, dry_run: bool, rejected_path: str = "") -> None:
    """The last step: the report stays, the file goes."""
    told = _told(report) if report is not None else {}
    values: dict[str, Any] = {"finished_at": now(), "rejected_path": rejected_path}
    values |= {"processed": told["read"], "total": told["read"]} if status == Status.DONE else {}
    values["check_report" if dry_run else "report"] = told
    counts = {name: told.get(name, 0) for name in ("created", "updated", "duplicates")}
    with transaction.atomic():
        if _step(run.pk, Status.CHECKING if dry_run else Status.RUNNING, status, **values):
            ended = {Status.DONE: "finished", Status.REFUSED: "refused"}.get(Status(status), "failed")
            counts["rejected"] = told.get("rejected_rows", 0)
            record(f"import.{ended}", run, by=run.created_by, kind=run.kind, **counts)
    _delete(run.pk, "file_path")


def sweep_imports() -> tuple[list[UUID], list[UUID]]:
    """Once a minute: end what nobody waits for or works on, delete old files; ids to check and to run again."""
    moment = now()
    for run in ImportRun.objects.filter(status__in=WAITING, created_at__lt=moment - LONGEST_WAIT):
        discard_import(run, by=None)
    for run in ImportRun.objects.filter(status__in=[Status.CHECKING, Status.RUNNING], claimed_at__lt=moment - SILENCE):
        _end(run, Status.FAILED, None, dry_run=run.status == Status.CHECKING)
    ended = ImportRun.objects.filter(finished_at__isnull=False)
    for key in ended.exclude(file_path="").values_list("pk", flat=True):
        _delete(key, "file_path")
    for run in ended.filter(~Q(rejected_path=""), finished_at__lt=moment - KEPT):
        _delete(run.pk, "rejected_path")
        ImportRun.objects.filter(pk=run.pk).update(
            check_report=_without_words(run.check_report), report=_without_words(run.report)
        )
    late = ImportRun.objects.filter(created_at__lt=moment - timedelta(seconds=30)).order_by("created_at")
    lost = {status: list(late.filter(status=status).values_list("pk", flat=True)[:10]) for status in WAITING}
    return lost[Status.UPLOADED], lost[Status.QUEUED]


def _without_words(report: dict[str, Any]) -> dict[str, Any]:
    """The report without what stood in the cells."""
    return report | {"rejected": [fault | {"value": ""} for fault in report.get("rejected", [])]} if report else {}


def open_rejected(run: ImportRun) -> IO[bytes] | None:
    """The file of rejected rows; None when there is none (any more)."""
    if not run.rejected_path or not _storage().exists(run.rejected_path):
        return None
    return _storage().open(run.rejected_path)


def _step(run_id: UUID, before: str, after: str, **values: Any) -> bool:
    """The claim: only one caller moves a run from `before` to `after`."""
    moved = bool(ImportRun.objects.filter(pk=run_id, status=before).update(status=after, **values))
    if moved:
        tell([f"import:{run_id}"])
    return moved


def _delete(run_id: UUID, field: str) -> None:
    path = ImportRun.objects.filter(pk=run_id).values_list(field, flat=True).first()
    if path:
        with suppress(FileNotFoundError):
            _storage().delete(path)
        ImportRun.objects.filter(pk=run_id).update(**{field: ""})


def _storage() -> Storage:
    return storages["private"]
