"""Addresses of `learning` outside Wagtail's page tree; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from learning.feedback import views as feedback
from learning.lessons import views as lessons
from learning.search import views as search

app_name = "learning"

public: list[URLPattern] = [
    path("b/<int:number>/", lessons.short, name="short"),
    path("b/<int:number>/co-ich/", feedback.useful, name="useful"),
    path("b/<int:number>/vuong/<slug:step>/", feedback.stuck, name="stuck"),
    path("tim/", search.search, name="search"),
]

urlpatterns: list[URLPattern] = [*public]
