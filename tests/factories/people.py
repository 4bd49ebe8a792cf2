"""People, teams and memberships."""

import itertools

from project.accounts.models import User
from project.lib.vietnamese import fold
from volunteers.access.guards import CONDUCT_VERSION
from volunteers.access.models import Grant
from volunteers.areas.models import Area
from volunteers.teams.models import Membership, Team

_numbers = itertools.count(1)


def make_user(name: str = "Nguyễn Thị Mẫu", **overrides: object) -> User:
    """An account that has accepted the code of conduct; the password is 'mat-khau-thu'."""
    number = next(_numbers)
    values: dict[str, object] = {
        "name": name,
        "email": f"user{number}@gocua.example",
        "conduct_version": CONDUCT_VERSION,
    } | overrides
    user = User(**values)
    user.set_password("mat-khau-thu")
    user.save()
    return user


def make_grant(user: User, role: str, scope: str) -> Grant:
    """A grant, without the verb's checks."""
    return Grant.objects.create(user=user, role=role, scope=scope)


def make_team(area: Area, name: str = "Tổ 1", **overrides: object) -> Team:
    """A team of a commune."""
    return Team.objects.create(area=area, name=name, folded=fold(name), **overrides)


def make_member(team: Team, user: User | None = None, *, role: str = "volunteer", **overrides: object) -> Membership:
    """A member of the team; a new user unless one is given."""
    return Membership.objects.create(team=team, user=user or make_user(), role=role, **overrides)
