"""`sync_inspect`: figures of the inbox, no content."""

import io
import json

import pytest
from django.core.management import call_command

from project.lib.ids import new_id
from tests.volunteers.field.walk import client_of, op, outcome, send, take_walk


@pytest.mark.django_db
def test_it_counts_by_state_and_by_phone() -> None:
    walk, phone = take_walk(), new_id()
    note = op("household.noted", household=walk.household.pk, note="đi cổng sau")
    send(client_of(walk.cast.tung), outcome(walk), note, outcome(walk, person=new_id()), op("x"), device_id=str(phone))
    out = io.StringIO()
    call_command("sync_inspect", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["total"], told["unapplied"], told["held"]) == (4, 0, 1)
    assert told["answered"] == {"applied": 2, "rejected": 1}
    assert [(row["device_id"], row["ops"], row["held"], row["rejected"]) for row in told["devices"]] == [
        (str(phone), 4, 1, 1)
    ]
    out = io.StringIO()
    call_command("sync_inspect", stdout=out)
    assert "4 ops" in out.getvalue()
    assert "cổng sau" not in out.getvalue()
