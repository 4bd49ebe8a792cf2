"""Addresses of `requests`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.requests import views

app_name = "requests"

public: list[URLPattern] = [
    path("nho-giup/", views.ask, name="ask"),
    path("nho-giup/<str:code>/", views.status, name="status"),
]

urlpatterns: list[URLPattern] = [
    *public,
    path("volunteers/requests/", views.list_, name="list"),
    path("volunteers/requests/rows/", views.rows, name="rows"),
    path("volunteers/requests/<uuid:pk>/", views.detail, name="detail"),
    path("volunteers/requests/<uuid:pk>/assign/", views.assign, name="assign"),
    path("volunteers/requests/<uuid:pk>/close/", views.close, name="close"),
    path("volunteers/requests/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("volunteers/requests/<uuid:pk>/reopen/", views.reopen, name="reopen"),
    path("volunteers/requests/<uuid:pk>/phone/", views.phone, name="phone"),
]
