"""The one Django app of the volunteers' side; ready() is the only place where subscribers meet the audit stream."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("Volunteers")

    def ready(self) -> None:
        """Connect the audit stream with those who listen, merges with what moves, retention with its rules.

        The public search learns the names of places.
        """
        # Models are not loaded before ready().
        from learning import catalog
        from project.accounts.sign_ins import forget_old_sign_ins
        from volunteers.areas import feeds
        from volunteers.areas.actions import register_blocker, register_mover
        from volunteers.audit.actions import register_retention
        from volunteers.audit.handlers import wake_sealer
        from volunteers.audit.log import subscribe
        from volunteers.dashboards.live import mark_stale
        from volunteers.field.actions import forget_old_ops
        from volunteers.households.actions import forget_notes, live_there, move_households
        from volunteers.notifications.handlers import notify
        from volunteers.planning.actions import forget_old_proposals
        from volunteers.requests.actions import forget_phones, move_requests
        from volunteers.teams.actions import forget_old_invitations
        from volunteers.visits.actions import forget_doors

        catalog.offer_places(feeds.find, feeds.named)
        register_mover(move_households)
        register_blocker(live_there)
        subscribe(mark_stale)
        subscribe(notify)
        subscribe(wake_sealer)
        register_mover(move_requests)
        register_retention("accounts", forget_old_sign_ins)
        register_retention("teams", forget_old_invitations)
        register_retention("requests", forget_phones)
        register_retention("households", forget_notes)
        register_retention("visits", forget_doors)
        register_retention("planning", forget_old_proposals)
        register_retention("field", forget_old_ops)
