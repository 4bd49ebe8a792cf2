"""Every address of the site; Wagtail's catch-all last."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from learning import urls as learning
from learning.editor.hooks import approve
from project import views
from project.api import api
from project.media import media
from project.parts import parts
from volunteers import urls as volunteers

public: list[URLPattern] = [
    path("rieng-tu/", views.privacy, name="privacy"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("media/<path:path>", media, name="media"),
    *public,
    path("api/v1/", api.urls),
    path("", include("project.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("cms/parts/", require_admin_access(parts), name="parts"),
    path("cms/pages/workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/", approve),
    path("cms/", include(wagtailadmin_urls)),
    path("", include((learning.urlpatterns, "learning"))),
    path("", include(volunteers.urlpatterns)),
    path("en/", include((public, "project"), namespace="en_project")),
    path("en/", include((learning.public, "learning"), namespace="en_learning")),
    path("en/", include(volunteers.english)),
    path("en/", include(wagtail_urls)),
    path("", include(wagtail_urls)),
]

handler400 = "project.views.bad_request"
handler403 = "project.views.forbidden"
handler404 = "project.views.not_found"
handler500 = "project.views.broken"
