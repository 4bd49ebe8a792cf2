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
MEDIA = {
    EDITORS: ("add_lessonimage", "choose_lessonimage", "add_lessonaudio"),
    APPROVERS: ("add_lessonimage", "change_lessonimage", "choose_lessonimage", "add_lessonaudio", "change_lessonaudio"),
    REFERENCE: (),
}
MODELS = {
    EDITORS: ("wagtailadmin.access_admin",),
    APPROVERS: ("wagtailadmin.access_admin", "learning.view_service", "learning.change_service"),
    REFERENCE: (
        "wagtailadmin.access_admin", "learning.view_service", "learning.add_service", "learning.change_service",
        "learning.delete_service",
    ),
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
        for codename in MEDIA[name]:
            permission = Permission.objects.get(content_type__app_label="learning", codename=codename)
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
