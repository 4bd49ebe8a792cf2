"""Addresses of `targets`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.targets import views

app_name = "targets"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("volunteers/campaigns/", views.index, name="list"),
    path("volunteers/campaigns/new/", views.create, name="create"),
    path("volunteers/campaigns/<uuid:pk>/", views.detail, name="detail"),
    path("volunteers/campaigns/<uuid:pk>/edit/", views.edit, name="edit"),
    path("volunteers/campaigns/<uuid:pk>/targets/", views.set_target, name="set_target"),
    path("volunteers/targets/<uuid:pk>/", views.target, name="target"),
]
