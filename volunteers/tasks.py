"""The index through which huey finds every slice's tasks."""

from volunteers.activations import tasks as activations
from volunteers.audit import tasks as audit
from volunteers.field import tasks as field
from volunteers.households import tasks as households
from volunteers.notifications import tasks as notifications
from volunteers.planning import tasks as planning
from volunteers.visits import tasks as visits

__all__ = ["activations", "audit", "field", "households", "notifications", "planning", "visits"]
