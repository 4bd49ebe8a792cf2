"""Addresses of `teams`; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from volunteers.teams import entrance, views

app_name = "teams"

public: list[URLPattern] = [
    path("loi-moi/", entrance.accept_code, name="accept_code"),
    path("loi-moi/<str:token>/", entrance.accept, name="accept"),
    path("tn/<str:token>/", entrance.badge, name="badge"),
]

urlpatterns: list[URLPattern] = [
    *public,
    path("doi/quy-tac/", entrance.conduct, name="conduct"),
    path("volunteers/", entrance.home, name="home"),
    path("volunteers/me/badge/", entrance.my_badge, name="my_badge"),
    path("volunteers/teams/", views.team_list, name="list"),
    path("volunteers/teams/new/", views.create, name="create"),
    path("volunteers/teams/<uuid:pk>/", views.detail, name="detail"),
    path("volunteers/teams/<uuid:pk>/edit/", views.edit, name="edit"),
    path("volunteers/teams/<uuid:pk>/close/", views.close, name="close"),
    path("volunteers/teams/<uuid:pk>/invite/", views.invite_member, name="invite"),
    path("volunteers/members/<uuid:pk>/", views.member, name="member"),
    path("volunteers/members/<uuid:pk>/end/", views.end_member, name="end_member"),
    path("volunteers/members/<uuid:pk>/renew/", views.renew, name="renew"),
    path("volunteers/members/<uuid:pk>/training/", views.training, name="record_training"),
    path("volunteers/people/", views.people, name="people"),
    path("volunteers/people/invite/", views.invite_person, name="invite_person"),
    path("volunteers/people/<uuid:pk>/revoke/", views.revoke_grant, name="revoke_grant"),
    path("volunteers/invitations/", views.invitations, name="invitations"),
    path("volunteers/invitations/print/", views.invitation_sheets, name="invitation_sheets"),
    path("volunteers/invitations/<uuid:pk>/", views.invitation, name="invitation"),
    path("volunteers/invitations/<uuid:pk>/revoke/", views.revoke_invitation, name="revoke_invitation"),
]
