"""Small answers for the editor's scripts: the guard rails' findings on a lesson, and a picture to click on."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from learning.editor.panels import told_of
from learning.lessons.models import LessonPage
from learning.media.images import LessonImage
from learning.media.pictures import make_base


@require_safe
def lesson_findings(request: HttpRequest, page_id: int) -> HttpResponse:
    """What the guard rails say about the latest version of a lesson, for those who may edit or publish it."""
    page = get_object_or_404(LessonPage, pk=page_id)
    rights = page.permissions_for_user(request.user)
    if not (rights.can_edit() or rights.can_publish()):
        raise PermissionDenied
    latest = page.get_latest_revision_as_object()
    return render(request, "learning/cms/_findings.html", {"findings": told_of(latest)})


@require_safe
def lesson_picture(request: HttpRequest, image_id: int) -> JsonResponse:
    """Address and size of a picture for clicking on it; for those who may choose pictures."""
    image = get_object_or_404(LessonImage, pk=image_id)
    if not policy_registry.get_by_type(LessonImage).user_has_permission_for_instance(request.user, "choose", image):
        raise PermissionDenied
    base = make_base(image)
    return JsonResponse({"url": base.url, "width": base.width, "height": base.height, "alt": image.alt_text})
