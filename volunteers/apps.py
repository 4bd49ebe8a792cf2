"""The one Django app of the volunteers' side; ready() is the only place where subscribers meet the audit stream."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("Volunteers")

    def ready(self) -> None:
        """Connect the audit stream with those who listen."""
        from volunteers.areas.actions import register_blocker, register_mover  # models are not loaded before ready()
        from volunteers.audit.handlers import wake_sealer
        from volunteers.audit.log import subscribe
        from volunteers.dashboards.live import mark_stale
        from volunteers.households.actions import live_there, move_households
        from volunteers.notifications.handlers import notify
        from volunteers.requests.actions import move_requests

        register_mover(move_households)
        register_blocker(live_there)
        subscribe(mark_stale)
        subscribe(notify)
        subscribe(wake_sealer)
        register_mover(move_requests)
