"""The roles. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """By grant on a scope (the first four) or by membership of a team (the last two)."""

    ADMINISTRATOR = "administrator"
    PROVINCE_COORDINATOR = "province_coordinator"
    COMMUNE_LEAD = "commune_lead"
    CONTENT_EDITOR = "content_editor"
    TEAM_LEADER = "team_leader"
    VOLUNTEER = "volunteer"


BY_GRANT = (Role.ADMINISTRATOR, Role.PROVINCE_COORDINATOR, Role.COMMUNE_LEAD, Role.CONTENT_EDITOR)
BY_AREA = (Role.ADMINISTRATOR, Role.PROVINCE_COORDINATOR, Role.COMMUNE_LEAD)  # these see what lies beneath their grant
ROOT_SCOPE = "VN/"


def covers(scope: str, path: str) -> bool:
    """Whether `path` lies at or beneath `scope`. Both end in '/', so '…/25/' never matches '…/253/'."""
    return scope.endswith("/") and path.startswith(scope)
