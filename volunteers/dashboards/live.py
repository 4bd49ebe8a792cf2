"""What moved: an audit entry marks its area stale, and every board that shows it looks again."""

from project.lib.live import tell
from volunteers.access.roles import ROOT_SCOPE
from volunteers.audit.models import AuditEntry

RIGHTS = "rights"  # grants or memberships changed: sockets ask again what they may hear
BENEATH = ">"  # «75>»: something of the province that every place beneath shows (a campaign, a target)
_OF_RIGHTS = ("grant.", "member.", "membership.", "user.", "area.merged")
_FOR_ALL_BENEATH = ("campaign.", "target.", "official.", "area.")


def mark_stale(entry: AuditEntry) -> None:
    """Tell the live boards that the area of `entry`, and every area around it, has news."""
    tell(topics_of(entry.action, entry.scope))


def topics_of(action: str, scope: str) -> set[str]:
    """The topics of an entry: hamlet, commune and province that contain its scope, and the sign for rights.

    'VN/75/25396/h7/' → {'75', '25396', '25396-h7'}; an entry without a scope has no area.
    """
    codes = around(scope)
    topics = set(codes)
    if codes and action.startswith(_FOR_ALL_BENEATH):
        topics.add(codes[-1] + BENEATH)
    if action.startswith(_OF_RIGHTS):
        topics.add(RIGHTS)
    return topics


def around(scope: str) -> list[str]:
    """The codes of the areas around a scope, widest first; a hamlet's own code becomes its public one."""
    if not scope.startswith(ROOT_SCOPE):
        return []
    parts = scope.removeprefix(ROOT_SCOPE).strip("/").split("/")
    codes = [part for part in parts[:2] if part]
    if len(parts) > 2:
        codes.append(f"{parts[1]}-{parts[2]}")
    return codes
