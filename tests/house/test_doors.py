"""Every door: strangers learn nothing, weak roles are refused, the right person enters (house.md §6)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail import hooks
from wagtail.snippets.models import get_snippet_models

from tests.factories.people import make_user
from tests.house.doors import (
    CANARY,
    DOORS,
    PREFIXES,
    PUBLIC,
    SIGNED_IN,
    SOCKETS,
    VIEWSETS,
    Door,
    World,
    build_world,
    who,
)
from volunteers.access.actions import grant
from volunteers.routing import websocket_urlpatterns

BASE = Path(__file__).resolve().parents[2]
OURS = ("learning.", "volunteers.", "project.")

ENTERED = {200, 302, 409, 422}


@pytest.fixture
def world(db: None) -> World:
    """The filled commune."""
    return build_world()


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(address, full name) of every pattern."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        else:
            yield prefix + str(pattern.pattern), f"{space}{pattern.name or ''}"


def test_every_door_has_a_class() -> None:
    own = {name for address, name in addresses(get_resolver().url_patterns) if not address.startswith(PREFIXES)}
    classed = PUBLIC | SIGNED_IN | {door.name for door in DOORS}
    assert len(own) > 90
    assert own - classed == set(), "new doors without a class"
    assert classed - own == set(), "classes of doors that are gone"
    assert len(PUBLIC & SIGNED_IN) == 0


def test_english_twins_are_public_doors_only() -> None:
    twins = {
        name.removeprefix("en_")
        for address, name in addresses(get_resolver().url_patterns)
        if address.startswith("en/")
    }
    ours = {name.replace("project:", "") for name in twins if not name.startswith("wagtail")}
    assert ours <= PUBLIC


def test_every_socket_and_viewset_has_a_class_and_a_test() -> None:
    sockets = {str(pattern.pattern) for pattern in websocket_urlpatterns}
    assert sockets == set(SOCKETS)
    ours = [hook() for hook in hooks.get_hooks("register_admin_viewset") if hook.__module__.startswith(OURS)]
    names = {viewset.url_prefix or viewset.name for viewset in ours}
    snippets = {
        viewset.url_prefix or viewset.model._meta.label_lower.replace(".", "/") for viewset in snippet_viewsets()
    }
    assert names | snippets == set(VIEWSETS)
    for file in (*SOCKETS.values(), *VIEWSETS.values()):
        assert "def test_" in (BASE / file).read_text(encoding="utf-8")


def snippet_viewsets() -> list[Any]:
    """The snippet viewsets of our own models."""
    return [model.snippet_viewset for model in get_snippet_models() if model.__module__.startswith(OURS)]


def test_the_parts_page_is_for_people_of_the_cms(world: World, client: Client) -> None:
    assert client.get("/cms/parts/").status_code == 302
    client.force_login(world.cast.tung)
    assert client.get("/cms/parts/").status_code == 302  # Wagtail sends who has no access back to its sign-in
    group, _made = Group.objects.get_or_create(name="Soạn bài")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor = make_user()
    grant(editor, "content_editor", world.cast.province.scope, by=None)
    client.force_login(editor)
    assert client.get("/cms/parts/").status_code == 200


def knock(client: Client, world: World, door: Door) -> tuple[int, str]:
    """Status and body of the door's answer for whoever is signed in."""
    args = [world.rows[door.row].pk] if door.row else []
    answer = getattr(client, door.method)(reverse(door.name, args=args) + door.query)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace")


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_anonymous_people_are_sent_to_sign_in(world: World, client: Client, door: Door) -> None:
    status, body = knock(client, world, door)
    assert status == (401 if door.name.startswith("api:") else 302)
    assert CANARY not in body


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_anonymous_people_are_sent_away_from_signed_in_doors(client: Client, db: None, name: str) -> None:
    args = {"field:companion": [1], "field:record_voice": [1], "households:import_template": ["households"]}
    address = reverse(name, args=args.get(name, []))
    statuses = {getattr(client, method)(address).status_code for method in ("get", "post")}
    assert statuses <= ({401, 405} if name.startswith("api:") else {302, 405})
    assert statuses & {302, 401}


@pytest.mark.parametrize("stranger", ["son", "kien"])
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_stranger_learns_nothing(world: World, client: Client, door: Door, stranger: str) -> None:
    client.force_login(who(world, stranger))
    status, body = knock(client, world, door)
    assert CANARY not in body
    if door.is_list:
        assert status in {200, 302, 403, 404}
    else:
        assert status == 404


@pytest.mark.parametrize("door", [door for door in DOORS if door.weak], ids=lambda door: door.name)
def test_a_weak_role_is_refused(world: World, client: Client, door: Door) -> None:
    client.force_login(who(world, door.weak))
    assert knock(client, world, door)[0] == door.weak_status


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_the_right_person_enters(world: World, client: Client, door: Door) -> None:
    client.force_login(who(world, door.right))
    status, _body = knock(client, world, door)
    assert status in ENTERED


def test_changes_and_the_pack_hold_nothing_of_others(world: World, client: Client) -> None:
    for stranger in ("son", "kien"):
        client.force_login(who(world, stranger))
        for name in ("api:sync_pack", "api:sync_changes"):
            assert CANARY not in client.get(reverse(name)).content.decode()
    client.force_login(world.cast.tung)
    assert CANARY in client.get(reverse("api:sync_pack")).content.decode()
