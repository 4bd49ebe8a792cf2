"""Addresses of `learning` outside Wagtail's page tree; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from learning import views

app_name = "learning"

public: list[URLPattern] = [
    path("b/<int:number>/", views.short, name="short"),
    path("b/<int:number>/co-ich/", views.useful, name="useful"),
    path("b/<int:number>/vuong/<slug:step>/", views.stuck, name="stuck"),
    path("tim/", views.search, name="search"),
]

urlpatterns: list[URLPattern] = [*public]
