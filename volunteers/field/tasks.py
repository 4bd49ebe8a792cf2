"""Sweeps of the inbox: what was taken in but not applied, what waits for another's record, old tombstones."""

from datetime import timedelta

from django.db.models import Max
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from project.lib.clock import now
from volunteers.activations.tasks import nudge_fold
from volunteers.field.actions import apply_waiting
from volunteers.field.models import PackItem, PackSerial, SyncItem

ABANDONED = timedelta(minutes=1)  # younger rows are being applied by the request that brought them
KEEP_TRYING = timedelta(days=60)
KEEP_TOMBSTONES = timedelta(days=30)
MOST_AT_ONCE = 500


@db_periodic_task(crontab(minute="*"), priority=40)
def sweep_inbox() -> None:
    """A crash between inbox and verb costs a minute; a record that waits for a crew mate's is tried again."""
    moment = now()
    waiting = SyncItem.objects.filter(received_at__lte=moment - ABANDONED, received_at__gte=moment - KEEP_TRYING)
    new = list(waiting.filter(state=SyncItem.State.NEW).order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    held = list(waiting.filter(state=SyncItem.State.HELD).order_by("-pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    if new or held:
        apply_waiting([*new, *held])
        nudge_fold()


@db_periodic_task(crontab(minute="17", hour="19"))  # the queue reads UTC: at night here
def drop_tombstones() -> None:
    """Rows that are gone for a month: phones with an older cursor build their pack anew."""
    old = PackItem.objects.filter(gone_at__lte=now() - KEEP_TOMBSTONES)
    for row in old.values("user_id").annotate(newest=Max("serial")):
        PackSerial.objects.filter(user_id=row["user_id"], oldest__lt=row["newest"]).update(oldest=row["newest"])
    old.delete()
