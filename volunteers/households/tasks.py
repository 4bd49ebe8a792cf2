"""What the queue does for imports: check, take in, sweep. It comes after records, notices and folds (house.md D10)."""

from uuid import UUID

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from volunteers.households import deliver


@db_task(priority=10)
def check_import(run_id: str) -> None:
    """The dry run of an uploaded file."""
    deliver.check_import(UUID(run_id))


@db_task(priority=10)
def run_import(run_id: str) -> None:
    """The import that a lead confirmed."""
    deliver.run_import(UUID(run_id))


@db_periodic_task(crontab(minute="*"), priority=10)
def sweep_imports() -> None:
    """Once a minute: lost nudges, dead workers, files that must not lie longer."""
    to_check, to_run = deliver.sweep_imports()
    for key in to_check:
        check_import(str(key))
    for key in to_run:
        run_import(str(key))
