"""Addresses of `households`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.households import views

app_name = "households"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("volunteers/households/", views.index, name="list"),
    path("volunteers/households/new/", views.create, name="create"),
    path("volunteers/households/<uuid:pk>/", views.detail, name="detail"),
    path("volunteers/households/<uuid:pk>/edit/", views.edit, name="edit"),
    path("volunteers/households/<uuid:pk>/phone/", views.show_phone, name="show_phone"),
    path("volunteers/households/<uuid:pk>/retire/", views.retire, name="retire"),
    path("volunteers/households/<uuid:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("volunteers/imports/new/", views.import_new, name="import_new"),
    path("volunteers/imports/template/<slug:kind>/", views.import_template, name="import_template"),
    path("volunteers/imports/<uuid:pk>/", views.import_detail, name="import_detail"),
    path("volunteers/imports/<uuid:pk>/progress/", views.import_progress, name="import_progress"),
    path("volunteers/imports/<uuid:pk>/check/", views.import_recheck, name="import_recheck"),
    path("volunteers/imports/<uuid:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("volunteers/imports/<uuid:pk>/discard/", views.import_discard, name="import_discard"),
    path("volunteers/imports/<uuid:pk>/rejected/", views.import_rejected, name="import_rejected"),
]
