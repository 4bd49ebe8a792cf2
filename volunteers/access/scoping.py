"""The wall: which rows a person may know of. Every QuerySet of `volunteers/` stands on this one."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import connections, models
from django.db.models import Q

from project.accounts.models import User
from volunteers.access.queries import area_scopes

ME = "<the person who asks>"
Lookup = str | Mapping[str, Any]


def beneath(lookup: str, scope: str, using: str = "default") -> Q:
    """Rows whose `lookup` (a scope path) lies at or beneath `scope`, in the form each database can index.

    SQLite's LIKE is case-insensitive and uses no index, so there the prefix is a range (binary collation);
    PostgreSQL has a pattern index beside every indexed CharField, so there it is a prefix match.
    """
    if connections[using].vendor == "postgresql":
        return Q(**{f"{lookup}__startswith": scope})
    return Q(**{f"{lookup}__gte": scope, f"{lookup}__lt": scope + "\uffff"})


class ScopedQuerySet(models.QuerySet[Any]):
    """`visible_to(user)` by area (beneath a grant) or by assignment (house.md, «Who sees what»)."""

    scope_lookups: ClassVar[tuple[str, ...]] = ()
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = ()

    def visible_to(self, user: User) -> Self:
        """The rows this person may know of; nothing for a stranger. Never repeats a row."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        wall = self.by_area(user) | self.by_assignment(user)
        return self.filter(wall) if wall else self.none()

    def by_area(self, user: User) -> Q:
        """What lies beneath the person's grants."""
        wall = Q()
        for scope in area_scopes(user):
            for lookup in self.scope_lookups:
                wall |= beneath(lookup, scope, self.db)
        return wall

    def by_assignment(self, user: User) -> Q:
        """What the person's teams and crews were given. A subquery of keys: a join would repeat rows."""
        wall = Q()
        for lookup in self.assignment_lookups:
            where = {lookup: ME} if isinstance(lookup, str) else dict(lookup)
            kwargs = {name: user if value is ME else value for name, value in where.items()}
            wall |= Q(pk__in=self.model._base_manager.filter(**kwargs).values("pk"))
        return wall

    def beneath(self, scope: str) -> Self:
        """The rows at or beneath one area's scope, whoever asks (narrow `visible_to` further with it)."""
        wall = Q()
        for lookup in self.scope_lookups:
            wall |= beneath(lookup, scope, self.db)
        return self.filter(wall) if wall else self.none()
