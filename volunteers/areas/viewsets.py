"""Places in Wagtail's admin: administrators everywhere, coordinators beneath their grant. Names change by the verb."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy

from project.accounts.models import User
from volunteers.access.policy import TABLE, can, can_somewhere
from volunteers.areas.actions import AreaRefused, rename_area
from volunteers.areas.models import Area, AreaName

RENAME = "area.rename"


class AreaPolicy(BasePermissionPolicy):
    """Wagtail asks our own table: only changing and looking; adding and retiring are the catalogue's."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """Whether there is any place that the person may rename."""
        return action in {"change", "view"} and can_somewhere(user, RENAME)

    def user_has_permission_for_instance(self, user: User, action: str, instance: Area) -> bool:
        """Whether it is this place."""
        return action in {"change", "view"} and can(user, RENAME, instance)

    def user_has_any_permission_for_instance(self, user: User, actions: Iterable[str], instance: Area) -> bool:
        """The same for one of several acts."""
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet[Area]:
        """What lies beneath the person's grants."""
        if not self.user_has_any_permission(user, list(actions)):
            return Area.objects.none()
        return Area.objects.visible_to(user)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        """Everybody whose role may rename some place."""
        return User.objects.filter(grants__role__in=[role.value for role in TABLE[RENAME]]).distinct()


class AreaForm(forms.ModelForm):
    """A new name, its kind, the day from which it holds and the document that says so."""

    since = forms.DateField(
        label=_("A new name holds from"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty means today."),
    )  # fmt: skip
    source = forms.CharField(label=_("Document or its number"), required=False, max_length=200)

    class Meta:
        model = Area
        fields = ["kind", "name"]


class AreaIndexView(generic.IndexView):
    """The places beneath the person's grants: provinces and communes (hamlets have their own page)."""

    any_permission_required = ["change"]

    def get_base_queryset(self) -> QuerySet[Area]:
        """Narrowed before Wagtail filters, searches or counts."""
        rows = Area.objects.visible_to(self.request.user).filter(retired_on__isnull=True)
        return rows.exclude(level=Area.Level.HAMLET).select_related("parent")


class AreaEditView(generic.EditView):
    """Renaming with a date: the old name stays in the history."""

    def get_queryset(self) -> QuerySet[Area]:
        """What lies outside the person's grants is not there (404)."""
        rows: QuerySet[Area] = Area.objects.visible_to(self.request.user).exclude(level=Area.Level.HAMLET)
        return rows

    def get_form_class(self) -> type[AreaForm]:
        """Our own form; Wagtail's would offer every column."""
        return AreaForm

    def is_valid(self, form: AreaForm) -> bool:
        """Saves through the verb, so that its refusals stand beside their field."""
        if not super().is_valid(form):
            return False
        data = form.cleaned_data
        area = Area.objects.get(pk=self.object_pk)
        try:
            self.saved = rename_area(
                area, by=self.request.user, name=data["name"], kind=data["kind"], since=data["since"],
                source=data["source"],
            )  # fmt: skip
        except AreaRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            self.produced_error_message = self.get_error_message()
            return False
        except PermissionDenied:
            raise
        return True

    def save_instance(self) -> Area:
        """It was saved by the verb already."""
        return self.saved

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the history of names, newest first, as a line below the title."""
        names = AreaName.objects.filter(area=self.object).order_by("valid_to", "-valid_from")
        return super().get_context_data(names=names, **kwargs)


class AreaViewSet(ModelViewSet):
    """/cms/places/: the list and the rename form, nothing else."""

    model = Area
    name = "places"  # never "areas": that namespace is the slice's own
    icon = "site"
    menu_label = _("Provinces and communes")
    add_to_settings_menu = True
    index_view_class = AreaIndexView
    edit_view_class = AreaEditView
    pk_path_converter = "str"
    list_display = [
        "full_name",
        Column("code", label=_("Code"), sort_key="code"),
        Column("parent", label=_("Province"), accessor=lambda area: area.parent or ""),
    ]
    list_filter = ["level", "kind"]
    search_fields = ["full_name", "code"]
    search_backend_name = None
    form_fields = ["kind", "name"]
    inspect_view_enabled = False
    copy_view_enabled = False
    ordering = ["scope"]

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without the addresses of views that this viewset does not have."""
        kept = super().get_edit_view_kwargs(**kwargs)
        absent = ("delete_url_name", "history_url_name", "usage_url_name", "inspect_url_name", "copy_url_name")
        return {name: value for name, value in kept.items() if name not in absent}

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The same for the list."""
        kept = super().get_common_view_kwargs(**kwargs)
        absent = {"delete_url_name", "history_url_name", "usage_url_name", "history_results_url_name"}
        return {name: value for name, value in kept.items() if name not in absent}

    def get_urlpatterns(self) -> list[URLPattern]:
        """List, its results, rename."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("edit/<str:pk>/", self.edit_view, name="edit"),
        ]


area_viewset = AreaViewSet()
