"""Imports every table, floor by floor. Nobody but Django imports this module."""

from volunteers.access.models import ApiToken, Grant
from volunteers.activations.models import Delta, Event, FoldDue, Rollup, Standing
from volunteers.areas.models import Area, AreaName, AreaSuccession, ImportRun, LegacyName
from volunteers.audit.models import AuditEntry, AuditSeal
from volunteers.availability.models import AvailabilityException, Pattern
from volunteers.field.models import Device, PackItem, PackSerial, ServerEpoch, ServerKey, SyncItem
from volunteers.households.models import Consent, Household, HouseholdNote, Person
from volunteers.notifications.models import Notification, Preference
from volunteers.planning.models import PlanRun, Proposal
from volunteers.requests.models import HelpRequest
from volunteers.sessions.models import Crew, Holiday, Session, SignUp
from volunteers.targets.models import Campaign, OfficialCount, Target
from volunteers.teams.models import Invitation, Membership, Team, TrainingRecord
from volunteers.visits.models import Visit

__all__ = [
    "ApiToken",
    "Area",
    "AreaName",
    "AreaSuccession",
    "AuditEntry",
    "AuditSeal",
    "AvailabilityException",
    "Campaign",
    "Consent",
    "Crew",
    "Delta",
    "Device",
    "Event",
    "FoldDue",
    "Grant",
    "HelpRequest",
    "Holiday",
    "Household",
    "HouseholdNote",
    "ImportRun",
    "Invitation",
    "LegacyName",
    "Membership",
    "Notification",
    "OfficialCount",
    "PackItem",
    "PackSerial",
    "Pattern",
    "Person",
    "PlanRun",
    "Preference",
    "Proposal",
    "Rollup",
    "ServerEpoch",
    "ServerKey",
    "Session",
    "SignUp",
    "Standing",
    "SyncItem",
    "Target",
    "Team",
    "TrainingRecord",
    "Visit",
]
