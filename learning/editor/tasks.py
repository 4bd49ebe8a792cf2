"""What the queue does for editors: planned lessons go out at their hour; forgotten uploads are thrown away."""

import logging
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task
from wagtail.models import Revision, UploadedFile

from learning.editor.actions import call_off_blocked
from project.lib.clock import now

log = logging.getLogger(__name__)
UPLOAD_HOURS = 24


@db_periodic_task(crontab(minute="*"))
def publish_due() -> None:
    """Wagtail's `publish_scheduled`, each minute. What breaks a hard rule by then is called off, not tried for ever."""
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now())
    for revision in due:
        call_off_blocked(revision)
    call_command("publish_scheduled")


@db_periodic_task(crontab(minute="20", hour="3"))
def throw_uploads_away() -> None:
    """Pictures that somebody began to upload and never named are deleted after a day."""
    for upload in UploadedFile.objects.all():
        try:
            old = upload.file.storage.get_modified_time(upload.file.name) < now() - timedelta(hours=UPLOAD_HOURS)
        except OSError:  # the file is gone already
            old = True
        if old:
            upload.file.delete(save=False)
            upload.delete()
