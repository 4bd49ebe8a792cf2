"""Text at rest: unreadable without the key, readable after the key changed, closed to searches."""

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from project.lib import secret

PHONE = "+84912345678"


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.SECRET_KEY = "key of today, long enough for a test"
    settings.SECRET_KEY_FALLBACKS = []


def test_it_comes_back_and_hides_meanwhile() -> None:
    token = secret.encrypt("bà Tư " + PHONE)
    assert "912345678" not in token
    assert token != secret.encrypt("bà Tư " + PHONE)
    assert secret.decrypt(token) == "bà Tư " + PHONE


def test_a_former_key_still_opens_and_can_be_replaced(settings: Any) -> None:
    token = secret.encrypt(PHONE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "key of tomorrow", [settings.SECRET_KEY]
    assert secret.decrypt(token) == PHONE
    renewed = secret.reencrypt(token)
    settings.SECRET_KEY_FALLBACKS = []
    assert secret.decrypt(renewed) == PHONE
    with pytest.raises(secret.UnreadableSecret):
        secret.decrypt(token)
    with pytest.raises(secret.UnreadableSecret):
        secret.reencrypt(token)


def test_an_altered_text_is_refused_without_being_shown() -> None:
    with pytest.raises(secret.UnreadableSecret) as failure:
        secret.decrypt("gAAAAA" + PHONE)
    assert PHONE not in str(failure.value)


with isolate_apps():  # a model that no migration may ever notice, and no database ever holds

    class Note(models.Model):
        phone = secret.EncryptedTextField(blank=True, null=True)

        class Meta:
            app_label = "isolated"

        def __str__(self) -> str:
            return "note"


def field() -> Any:
    return Note._meta.get_field("phone")


def test_the_field_writes_ciphertext_and_reads_text() -> None:
    stored = field().get_db_prep_save(PHONE, connection)
    assert PHONE not in stored
    assert field().from_db_value(stored, None, connection) == PHONE


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_stays_nothing(nothing: str | None) -> None:
    assert field().get_db_prep_save(nothing, connection) == nothing
    assert field().from_db_value(nothing, None, connection) == nothing


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__gt", "phone__lower"])
def test_it_cannot_be_searched(lookup: str) -> None:
    with pytest.raises(FieldError):
        Note._default_manager.filter(**{lookup: "1"}).query.sql_with_params()


def test_it_can_be_asked_whether_there_is_one() -> None:
    sql, _params = Note._default_manager.filter(phone__isnull=False).query.sql_with_params()
    assert "IS NOT NULL" in sql


def test_migrations_know_it() -> None:
    _name, path, args, kwargs = field().deconstruct()
    assert path == "project.lib.secret.EncryptedTextField"
    assert args == []
    assert kwargs == {"blank": True, "null": True}
