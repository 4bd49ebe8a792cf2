"""Registers the viewsets of reference data in Wagtail's admin."""

from typing import Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from volunteers.areas.models import Area
from volunteers.areas.viewsets import AreaPolicy, area_viewset

register_permission_policy(Area, AreaPolicy(Area))


@hooks.register("register_admin_viewset")
def register_areas() -> Any:
    """Provinces and communes, for those who may rename them."""
    return area_viewset
