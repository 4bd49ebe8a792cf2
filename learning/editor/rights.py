"""What the editors' groups may do, and the workflow: «Soạn bài» drafts, «Duyệt bài» approves and publishes."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

# The names are fixed by volunteers.access.actions.WAGTAIL_GROUPS, which puts people into the groups.
EDITORS, APPROVERS, REFERENCE = "Soạn bài", "Duyệt bài", "Dữ liệu gốc"

# group → permissions on the lessons' pages, on the media of the root collection, and model permissions
PAGES = {
    EDITORS: ("add_page", "change_page"),
    APPROVERS: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"),
    REFERENCE: (),
}
# Wagtail asks for the permissions of its own Image and Media, whatever model stands in their place.
MEDIA = {
    EDITORS: ("wagtailimages.add_image", "wagtailimages.choose_image", "wagtailmedia.add_media"),
    APPROVERS: (
        "wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image", "wagtailmedia.add_media",
        "wagtailmedia.change_media",
    ),
    REFERENCE: (),
}  # fmt: skip
SHARED = ("glossaryterm", "appversion", "warningbox", "helpcontact", "procedure", "servicepoint", "track")
ALL = ("view", "add", "change", "delete")


def _on(actions: Iterable[str], models: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"learning.{action}_{model}" for model in models for action in actions)


MODELS = {
    EDITORS: (
        "wagtailadmin.access_admin", *_on(("view",), SHARED), *_on(("add", "change"), ("glossaryterm", "servicepoint")),
    ),
    APPROVERS: ("wagtailadmin.access_admin", *_on(("view", "change"), ("service",)), *_on(ALL, SHARED)),
    REFERENCE: ("wagtailadmin.access_admin", *_on(ALL, ("service", *SHARED))),
}  # fmt: skip
WORKFLOW = "Duyệt bài học"


def seed_rights(roots: Iterable[Page]) -> None:
    """Give the three groups their permissions beneath `roots` and set up the approval; only ever adds."""
    roots = list(roots)
    collection = Collection.get_first_root_node()
    for name in (EDITORS, APPROVERS, REFERENCE):
        group, _made = Group.objects.get_or_create(name=name)
        for dotted in MODELS[name]:
            label, codename = dotted.split(".")
            found = Permission.objects.filter(content_type__app_label=label, codename=codename)
            group.permissions.add(*found)
        for codename in PAGES[name]:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            for page in roots:
                GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)
        for dotted in MEDIA[name]:
            label, codename = dotted.split(".")
            permission = Permission.objects.get(content_type__app_label=label, codename=codename)
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    _seed_workflow(roots)


def _seed_workflow(roots: list[Page]) -> None:
    workflow, made = Workflow.objects.get_or_create(name=WORKFLOW)
    if made:
        task = GroupApprovalTask.objects.create(name=WORKFLOW)
        task.groups.add(Group.objects.get(name=APPROVERS))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in roots:
        if not WorkflowPage.objects.filter(page_id=page.pk).exists():
            WorkflowPage.objects.create(workflow=workflow, page_id=page.pk)
