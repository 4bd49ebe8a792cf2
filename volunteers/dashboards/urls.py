"""Addresses of `dashboards`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.dashboards import views

app_name = "dashboards"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("xa/<str:code>/", views.commune, name="commune"),
    path("xa/<str:code>/tien-do/", views.commune_progress, name="commune_progress"),
    path("tinh/<str:code>/", views.province, name="province"),
    path("tinh/<str:code>/tien-do/", views.province_progress, name="province_progress"),
]
