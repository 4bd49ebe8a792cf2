"""Addresses of `availability`; none is public."""

from django.urls import URLPattern, path

from volunteers.availability import views

app_name = "availability"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    path("volunteers/availability/", views.week, name="week"),
    path("volunteers/availability/exceptions/", views.except_day, name="except"),
    path("volunteers/availability/exceptions/<uuid:pk>/remove/", views.remove, name="remove"),
]
