"""Addresses of `visits`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.visits import views

app_name = "visits"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("doi/", views.today, name="today"),
    path("volunteers/visits/<uuid:pk>/", views.detail, name="detail"),
    path("volunteers/visits/<uuid:pk>/reschedule/", views.reschedule, name="reschedule"),
    path("volunteers/visits/<uuid:pk>/cancel/", views.cancel, name="cancel"),
]
