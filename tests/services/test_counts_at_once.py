"""No lost update and no deadlock on PostgreSQL, where the locks are rows."""

import pytest
from django.db import connection

from tests.learning.feedback.at_once import nothing_is_lost


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_no_report_is_lost_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("runs with DATABASE_URL naming a PostgreSQL server")
    nothing_is_lost()
