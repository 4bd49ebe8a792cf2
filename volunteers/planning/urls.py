"""Addresses of `planning`; none is public."""

from django.urls import URLPattern, path

from volunteers.planning import views

app_name = "planning"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    path("volunteers/plans/", views.index, name="list"),
    path("volunteers/plans/<uuid:pk>/", views.detail, name="detail"),
    path("volunteers/plans/<uuid:pk>/progress/", views.progress, name="progress"),
    path("volunteers/plans/<uuid:pk>/stop/", views.stop, name="stop"),
    path("volunteers/plans/<uuid:pk>/publish/", views.publish, name="publish"),
    path("volunteers/plans/<uuid:pk>/discard/", views.discard, name="discard"),
]
