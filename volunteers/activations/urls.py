"""Addresses of `activations`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern

app_name = "activations"

public: list[URLPattern] = []

urlpatterns: list[URLPattern] = [*public]
