"""Addresses of `notifications`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.notifications import views

app_name = "notifications"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("volunteers/notifications/", views.inbox, name="inbox"),
    path("volunteers/notifications/read/", views.read_all, name="read_all"),
    path("volunteers/notifications/preferences/", views.preferences, name="preferences"),
    path("volunteers/notifications/<uuid:pk>/read/", views.read, name="read"),
]
