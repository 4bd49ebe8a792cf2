"""Includes every slice's addresses; the public ones once more under /en/."""

from django.urls import URLPattern, URLResolver, include, path

from volunteers.activations import urls as activations
from volunteers.areas import urls as areas
from volunteers.availability import urls as availability
from volunteers.dashboards import urls as dashboards
from volunteers.field import urls as field
from volunteers.households import urls as households
from volunteers.notifications import urls as notifications
from volunteers.planning import urls as planning
from volunteers.reports import urls as reports
from volunteers.requests import urls as requests
from volunteers.sessions import urls as sessions
from volunteers.targets import urls as targets
from volunteers.teams import urls as teams
from volunteers.visits import urls as visits

SLICES = [
    areas,
    teams,
    households,
    requests,
    availability,
    targets,
    sessions,
    visits,
    activations,
    planning,
    field,
    dashboards,
    notifications,
    reports,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((slice_.urlpatterns, slice_.app_name))) for slice_ in SLICES
]
english: list[URLPattern | URLResolver] = [
    path("", include((slice_.public, slice_.app_name), namespace=f"en_{slice_.app_name}"))
    for slice_ in SLICES
    if slice_.public
]
