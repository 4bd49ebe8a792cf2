"""Addresses of `sessions`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.sessions import views

app_name = "sessions"

public: list[URLPattern] = [
    path("lich/", views.calendar, name="calendar"),
]

urlpatterns: list[URLPattern] = [
    *public,
    path("lich/<str:code>.ics", views.feed, name="feed"),
    path("doi/lich/<str:token>.ics", views.own_feed, name="own_feed"),
    path("volunteers/sessions/", views.index, name="list"),
    path("volunteers/sessions/new/<str:code>/", views.create, name="new"),
    path("volunteers/sessions/<uuid:pk>/", views.detail, name="detail"),
    path("volunteers/sessions/<uuid:pk>/sign-up/", views.sign_up, name="sign_up"),
    path("volunteers/sessions/<uuid:pk>/leave/", views.leave, name="leave"),
    path("volunteers/sessions/<uuid:pk>/move/", views.move, name="move"),
    path("volunteers/sessions/<uuid:pk>/cancel/", views.cancel, name="cancel"),
]
