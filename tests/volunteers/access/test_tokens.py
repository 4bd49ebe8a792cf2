"""Tokens for aggregates, and their command; the verbs of grants."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.cast import Cast
from tests.factories.people import make_grant, make_user
from volunteers.access.actions import accept_conduct, digest_of, grant, rescope, revoke
from volunteers.access.models import ApiToken, Grant
from volunteers.audit.models import AuditEntry


def test_the_command_shows_a_token_once_and_keeps_its_digest(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("mint_token", "--name", "IOC Đồng Nai", "--scope", "VN/75/", "--days", "30", "--json")
    answer = json.loads(capsys.readouterr().out)
    token = ApiToken.objects.get()
    assert (token.name, token.scope, token.digest) == ("IOC Đồng Nai", "VN/75/", digest_of(answer["token"]))
    assert answer["token"] not in str(ApiToken.objects.values())
    assert (token.expires_at - token.created_at).days in {29, 30}


def test_the_command_takes_an_areas_code_and_writes_nothing_when_dry(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("mint_token", "--name", "x", "--scope", "25396", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out) == {"name": "x", "scope": cast.commune.scope}
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("args", [["--scope", "VN/99/"], ["--scope", "VN/75/", "--days", "0"]])
def test_a_wrong_call_ends_with_2(cast: Cast, args: list[str]) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("mint_token", "--name", "x", *args)
    assert refusal.value.returncode == 2


def test_a_coordinator_grants_beneath_the_own_and_never_an_administrator(cast: Cast) -> None:
    first = grant(cast.son, "commune_lead", cast.far.scope, by=cast.lan)
    assert grant(cast.son, "commune_lead", cast.far.scope, by=cast.lan) == first
    assert AuditEntry.objects.filter(action="grant.given").count() == 1
    for role, scope, by in (
        ("administrator", "VN/75/", cast.lan),
        ("commune_lead", "VN/79/26734/", cast.lan),
        ("commune_lead", cast.commune.scope, cast.minh),
        ("content_editor", cast.commune.scope, cast.hoa),
    ):
        with pytest.raises(PermissionDenied):
            grant(cast.tung, role, scope, by=by)


def test_groups_follow_the_roles(cast: Cast) -> None:
    row = grant(cast.son, "content_editor", cast.province.scope, by=cast.lan)
    assert [group.name for group in cast.son.groups.all()] == ["Soạn bài"]
    with pytest.raises(PermissionDenied):
        revoke(row, by=cast.minh)
    revoke(row, by=cast.lan)
    assert not cast.son.groups.exists()


def test_a_merge_moves_grants_and_doubles_none(cast: Cast) -> None:
    make_grant(cast.minh, "commune_lead", cast.twin.scope)
    make_grant(cast.son, "commune_lead", cast.twin.scope)
    rescope(cast.twin.scope, cast.commune.scope, by=None)
    assert set(Grant.objects.filter(scope=cast.commune.scope).values_list("user", flat=True)) == {
        cast.minh.pk,
        cast.son.pk,
    }
    assert not Grant.objects.filter(scope=cast.twin.scope).exists()


def test_the_code_of_conduct_is_accepted_once_a_version(cast: Cast) -> None:
    user = make_user(conduct_version=0)
    accept_conduct(user, 1)
    accept_conduct(user, 1)
    user.refresh_from_db()
    assert (user.conduct_version, AuditEntry.objects.filter(action="conduct.accepted").count()) == (1, 1)
    accept_conduct(user, 2)
    assert AuditEntry.objects.filter(action="conduct.accepted").count() == 2
