"""Addresses of `reports`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.reports import views

app_name = "reports"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("volunteers/audit/", views.audit, name="audit"),
]
