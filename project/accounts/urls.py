"""Addresses of a person's own account; they stand before allauth's and Wagtail's, and close some of those."""

from allauth.headless.constants import Client
from django.urls import URLPattern, path

from project.accounts import views

app_name = "accounts"

CLOSED = (
    "account/email",
    "account/phone",
    "auth/signup",
    "auth/email/verify",
    "auth/email/verify/resend",
    "auth/phone/verify",
    "auth/phone/verify/resend",
)

urlpatterns: list[URLPattern] = [
    path("volunteers/me/", views.profile, name="profile"),
    path("cms/login/", views.one_door),
    path("accounts/sessions/", views.SessionsView.as_view()),
    path("accounts/email/", views.to_profile),
    path("accounts/confirm-email/", views.to_profile),
    path("accounts/confirm-email/<str:key>/", views.to_profile),
    path("accounts/password/set/", views.to_profile),
    path("accounts/phone/verify/", views.to_profile),
    path("accounts/phone/change/", views.to_profile),
    path("_allauth/app/v1/auth/login", views.LoginView.as_api_view(client=Client.APP)),
    *(path(f"_allauth/app/v1/{address}", views.closed) for address in CLOSED),
]
