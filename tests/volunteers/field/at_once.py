"""Many phones at the same moment: the bodies of the tests, run on SQLite here and on PostgreSQL in tests/services."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from project.lib.clock import now
from project.lib.ids import new_id
from tests.factories.people import make_member, make_team
from tests.factories.work import make_crew, make_person, make_session, make_visit
from tests.volunteers.field.walk import batch, client_of, op, outcome, post, take_walk
from volunteers.activations import actions as activations
from volunteers.activations.models import Delta, Event, Standing
from volunteers.activations.queries import tallies_of
from volunteers.field.models import SyncItem
from volunteers.households.models import Household, Person


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that start at the same moment, each with connections of its own."""
    gate = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[index] = job()
        except BaseException as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def fifty_identical_posts_are_one_record() -> None:
    """The same batch, 50 times at once: one record, one `applied`, 49 `duplicate`, equal in all else."""
    walk = take_walk()
    body = batch(outcome(walk))
    clients = [client_of(walk.cast.tung) for _each in range(50)]
    replies = together(*(lambda client=client: post(client, body) for client in clients))
    assert {reply.status_code for reply in replies} == {200}
    answers = [reply.json()["results"][0] for reply in replies]
    assert Counter(answer.pop("status") for answer in answers) == {"applied": 1, "duplicate": 49}
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["counted"] is True
    assert (SyncItem.objects.count(), Event.objects.count(), Standing.objects.count()) == (1, 1, 1)
    assert Delta.objects.count() == 4
    assert tallies_of(walk.cast.commune)[("vneid_l2", "activated", "reported")] == 1
    assert activations.recount()["wrong"] == 0


def two_teams_at_the_same_person_count_once() -> None:
    """The same activation by two teams in the same second: one counts, the other is kept as a duplicate claim."""
    walk = take_walk()
    other_team = make_team(walk.cast.commune, "Đoàn thanh niên")
    other = make_member(other_team, may_lead=True)
    session = make_session(walk.cast.commune, other_team, kind="sunday", starts_at=now() - timedelta(hours=1))
    second = make_visit(session, walk.household, make_crew(session, other))
    ours = outcome(walk)
    theirs = op(
        "outcome.recorded", visit=second.pk, person=walk.person.pk, service="vneid_l2", rung="activated",
        own_device=True, own_sim=True,
    )  # fmt: skip
    hers, his = client_of(walk.cast.hoa), client_of(other.user)
    replies = together(lambda: post(hers, batch(ours)), lambda: post(his, batch(theirs)))
    answers = [reply.json()["results"][0] for reply in replies]
    assert sorted((one["status"], one["counted"]) for one in answers) == [("applied", True), ("flagged", False)]
    assert tallies_of(walk.cast.commune)[("vneid_l2", "activated", "reported")] == 1
    assert Event.objects.filter(flag="duplicate_claim").count() == 1
    assert activations.recount()["wrong"] == 0


def a_crew_that_sends_everything_at_once_loses_nothing() -> None:
    """Both members send their own halves in scrambled order, while the tallies are folded all the time."""
    walk = take_walk()
    persons = [new_id() for _each in range(6)]
    added = [op("person.added", person=person, household=walk.household.pk) for person in persons]
    done = [outcome(walk, person=person) for person in persons]
    jobs: list[Callable[[], Any]] = []
    for user, share in ((walk.cast.hoa, slice(0, 3)), (walk.cast.tung, slice(3, 6))):
        for ops in (list(reversed(done[share])), added[share], done[share] + added[share]):
            jobs.append(lambda client=client_of(user), body=batch(*ops): post(client, body))
    jobs += [lambda: [activations.fold(3) for _turn in range(10)]] * 2
    together(*jobs)
    for user in (walk.cast.hoa, walk.cast.tung):
        reply = post(client_of(user), batch(*done))  # each now sends all again; the other's ops are none of theirs
        assert reply.status_code == 200
    assert Person.objects.filter(household=walk.household).count() == 7
    assert tallies_of(walk.cast.commune)[("vneid_l2", "activated", "reported")] == 6
    assert not SyncItem.objects.exclude(state="answered").exists()
    while activations.fold():
        continue
    assert tallies_of(walk.cast.commune)[("vneid_l2", "activated", "reported")] == 6
    assert activations.recount()["wrong"] == 0


def two_persons_of_one_door_at_once_settle_it() -> None:
    """The visit is done; the last two outcomes come at the same moment: the household leaves the pool."""
    walk = take_walk()
    second = make_person(walk.household, "B")
    post(client_of(walk.cast.hoa), batch(op("visit.finished", visit=walk.visit.pk, result="done")))
    hers, his = client_of(walk.cast.hoa), client_of(walk.cast.tung)
    bodies = batch(outcome(walk)), batch(outcome(walk, person=second.pk))
    replies = together(lambda: post(hers, bodies[0]), lambda: post(his, bodies[1]))
    assert [reply.json()["results"][0]["status"] for reply in replies] == ["applied", "applied"]
    assert Household.objects.get(pk=walk.household.pk).status == "served"


BODIES = [
    two_persons_of_one_door_at_once_settle_it,
    fifty_identical_posts_are_one_record,
    two_teams_at_the_same_person_count_once,
    a_crew_that_sends_everything_at_once_loses_nothing,
]
