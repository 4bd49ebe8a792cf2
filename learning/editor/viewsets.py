"""Wagtail's list of services, and what must not be deleted of it. The shared pieces: snippets.py."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from learning.reference.cards import forget_services
from learning.reference.models import Service


class ServiceForm(WagtailAdminModelForm):
    """A protected service keeps its code: rosters, targets and phones speak of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_protected and "code" in self.fields:
            self.fields["code"].disabled = True


class ServicePolicy(ModelPermissionPolicy):
    """The model's permissions, but nobody deletes a protected service."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """As the model's; False for deleting one of the nine."""
        if action == "delete" and instance.is_protected:
            return False
        return bool(super().user_has_permission_for_instance(user, action, instance))


class ServiceViewSet(SnippetViewSet):
    """Services: names, icon, goal, lesson, papers."""

    model = Service
    icon = "tasks"
    menu_label = _("Services")
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["code", "name_vi", "goal_rung", "lesson_number", "needs_police", "needs_own_device"]
    search_fields = ["code", "name_vi", "name_en"]
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldRowPanel([FieldPanel("name_vi"), FieldPanel("name_en")]),
            FieldRowPanel([FieldPanel("short_vi"), FieldPanel("short_en")]),
            FieldRowPanel([FieldPanel("icon"), FieldPanel("goal_rung"), FieldPanel("lesson_number")]),
            MultiFieldPanel([FieldPanel("needs_police"), FieldPanel("needs_own_device")], _("At the door")),
            FieldPanel("papers_vi"),
            FieldPanel("papers_en"),
            FieldPanel("position"),
        ],
        base_form_class=ServiceForm,
    )


register_permission_policy(Service, ServicePolicy(Service))
register_snippet(ServiceViewSet)


@hooks.register("before_delete_snippet")
def keep_protected(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """The nine services of contract §3 stay, also when somebody deletes several at once."""
    if any(isinstance(row, Service) and row.is_protected for row in instances):
        messages.error(request, _now("The nine services of the programme cannot be deleted."))
        return redirect(reverse(ServiceViewSet().get_url_name("list")))
    return None


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def services_changed(request: HttpRequest, instance: Any) -> None:
    """The next page reads the services anew."""
    if isinstance(instance, Service):
        forget_services()


@hooks.register("after_delete_snippet")
def services_deleted(request: HttpRequest, instances: list[Any]) -> None:
    """The next page reads the services anew."""
    if any(isinstance(row, Service) for row in instances):
        forget_services()
