"""No lost update, on the database of this run (SQLite by default; tests/services plays the same on PostgreSQL)."""

import pytest

from tests.learning.feedback.at_once import nothing_is_lost


@pytest.mark.django_db(transaction=True)
def test_no_report_is_lost_when_many_come_at_once() -> None:
    nothing_is_lost()
