"""Sends the waiting mails."""

import logging
from uuid import UUID

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from volunteers.notifications.actions import claim_mail, free_lost_claims, mail_failed, mail_sent
from volunteers.notifications.queries import mail_due
from volunteers.notifications.transports import mail

logger = logging.getLogger(__name__)


@db_task(priority=50)
def send_mail(notice_id: str) -> None:
    """One notice by e-mail, unless another worker has it."""
    notice = claim_mail(UUID(notice_id))
    if notice is None:
        return
    try:
        if mail.reaches(notice.recipient):
            mail.send(notice)
    except Exception:  # any fault of any mail server: the sweep tries again
        logger.exception("notice %s could not be mailed", notice.pk)
        mail_failed(notice)
    else:
        mail_sent(notice)


@db_periodic_task(crontab(), priority=50)
def sweep_mail() -> None:
    """Once a minute: nudges that were lost, and mails whose worker died."""
    free_lost_claims()
    for key in mail_due():
        send_mail(str(key))
