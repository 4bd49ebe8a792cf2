"""Addresses of `field`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.field import views, voices

app_name = "field"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *public,
    path("doi/thuc-dia/", views.shell, name="shell"),
    path("doi/thuc-dia/luot/<uuid:pk>/", views.visit, name="visit"),
    path("doi/thuc-dia/luot/<uuid:pk>/bat-dau/", views.start, name="start"),
    path("doi/thuc-dia/luot/<uuid:pk>/rut-lai/", views.take_back, name="take_back"),
    path("doi/thuc-dia/buoi/<uuid:pk>/khach/", views.walk_in, name="walk_in"),
    path("doi/thuc-dia/buoi/<uuid:pk>/diem-danh/", views.shift, name="shift"),
    path("doi/thuc-dia/khong-an-toan/", views.safety, name="safety"),
    path("doi/thuc-dia/bai/<int:number>/", views.companion, name="companion"),
    path("doi/thuc-dia/bai/<int:number>/thu-giong/", voices.record_voice, name="record_voice"),
    path("doi/thuc-dia/giong/<int:pk>/", voices.own_voice, name="own_voice"),
]
