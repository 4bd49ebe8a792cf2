"""Addresses of `areas`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.areas import views

app_name = "areas"

public: list[URLPattern] = [
    path("dia-ban/", views.search, name="search"),
]

urlpatterns: list[URLPattern] = [
    *public,
    path("volunteers/hamlets/", views.hamlets, name="hamlets"),
    path("volunteers/hamlets/new/", views.create, name="create"),
    path("volunteers/hamlets/<slug:code>/edit/", views.edit, name="edit"),
    path("volunteers/hamlets/<slug:code>/retire/", views.retire, name="retire"),
    path("volunteers/hamlets/<slug:code>/merge/", views.merge, name="merge"),
]
