"""Addresses of the sockets."""

from django.urls import URLPattern, path

from volunteers.dashboards.consumers import live

websocket_urlpatterns: list[URLPattern] = [
    path("ws/live/", live),  # type: ignore[arg-type]  # an ASGI application, which channels' router calls as one
]
