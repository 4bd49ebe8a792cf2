"""Addresses of `activations`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.activations import views

app_name = "activations"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("volunteers/records/", views.flags, name="flags"),
    path("volunteers/records/<uuid:pk>/clear/", views.clear, name="clear"),
    path("volunteers/records/<uuid:pk>/reject/", views.reject, name="reject"),
    path("volunteers/records/<uuid:pk>/verify/", views.verify, name="verify"),
]
