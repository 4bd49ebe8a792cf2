"""Many phones report in the same moment: the body of the test, for SQLite here and for PostgreSQL in tests/services."""

import random
import threading
from typing import Any

from django.db import connection

from learning.feedback.actions import count
from learning.feedback.models import Tally

PHONES, REPORTS = 6, 15
PLACES = [f"step-{number}" for number in range(8)]


def nothing_is_lost() -> None:
    """Six phones report the same places 15 times each, each time in another order."""
    gate = threading.Barrier(PHONES)
    failed: list[BaseException] = []

    def phone(seed: int) -> None:
        chance = random.Random(seed)
        try:
            gate.wait()
            for _turn in range(REPORTS):
                places = chance.sample(PLACES, len(PLACES))
                count(1, "vi", {(place, "shown"): 1 for place in places} | {(places[0], "heard"): 2})
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=phone, args=(seed,)) for seed in range(PHONES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    shown = {row.step: row.count for row in Tally.objects.filter(kind="shown")}
    assert shown == dict.fromkeys(PLACES, PHONES * REPORTS)
    heard: Any = sum(Tally.objects.filter(kind="heard").values_list("count", flat=True))
    assert heard == 2 * PHONES * REPORTS
