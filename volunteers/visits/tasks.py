"""The sweep of visits that nobody began."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from project.lib.clock import now
from volunteers.sessions.models import Session
from volunteers.visits.actions import GRACE, cancel_visit, miss_unreached
from volunteers.visits.models import Visit
from volunteers.visits.states import PLANNED

MOST_AT_ONCE = 500  # a short turn; the next minute takes the next ones


@db_periodic_task(crontab(minute="*"))
def sweep_unreached() -> None:
    """Planned visits of sessions that ended more than a day ago become «not reached»."""
    due = Visit.objects.filter(status=PLANNED, session__ends_at__lte=now() - GRACE).order_by("planned_start")
    for visit_id in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]):
        miss_unreached(visit_id)


@db_periodic_task(crontab(minute="*"))
def sweep_cancelled() -> None:
    """Visits of a session that was cancelled are cancelled too: their households wait for another plan."""
    due = Visit.objects.filter(status=PLANNED, session__status=Session.Status.CANCELLED).order_by("planned_start")
    for visit in due.select_related("household__hamlet", "session")[:MOST_AT_ONCE]:
        cancel_visit(visit, by=None)
