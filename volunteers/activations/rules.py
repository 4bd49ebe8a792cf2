"""Who stands on which rung, and by which claim: the history of one person and one service in, standing out. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RUNGS = ("briefed", "referred", "registered", "activated", "did_alone")  # contract §3, lowest first
CLAIM, WITHDRAWAL, VERIFICATION, REJECTION, CLEARANCE = "claim", "withdrawal", "verification", "rejection", "clearance"
REPORTED, VERIFIED = "reported", "verified"

Key = tuple[str, str, str, str]  # hamlet's code, team's id, kind of session, local day in ISO form
Tally = tuple[Key, str, str]  # key, rung, state


@dataclass(frozen=True, slots=True)
class Fact:
    """One event as the standing sees it. `waits`: a claim that reaches no rung until a lead clears it."""

    id: str
    kind: str
    claim: str
    rung: str
    key: Key
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """A rung that a person stands on: by which claim, on whose key it is counted, and whether somebody verified it."""

    claim: str
    key: Key
    is_verified: bool


def replay(facts: Iterable[Fact]) -> dict[str, Reach]:
    """Rung → how it was reached, after all `facts` in the order in which they were written (house.md D17).

    A rung belongs to the first claim that reached it and never leaves it while that claim lives. When the claim is
    withdrawn, rejected or lowered, the next live claim that goes so high takes its place, on its own key. A rung
    is verified as soon as any live claim that goes so high is verified.
    """
    claims: dict[str, Fact] = {}
    height: dict[str, int] = {}  # of live claims, as an index into RUNGS; -1 reaches nothing
    holders: dict[int, str] = {}
    vouched: set[str] = set()
    for fact in facts:
        if fact.kind == CLAIM:
            claims[fact.id] = fact
            height[fact.id] = -1 if fact.waits else RUNGS.index(fact.rung)
        elif fact.claim in height:
            if fact.kind in (WITHDRAWAL, REJECTION):
                del height[fact.claim]
            elif fact.kind == CLEARANCE:
                height[fact.claim] = RUNGS.index(fact.rung)
            elif fact.kind == VERIFICATION:
                vouched.add(fact.claim)
        for index in range(len(RUNGS)):
            if index in holders and height.get(holders[index], -1) >= index:
                continue
            holders.pop(index, None)
            heir = next((claim for claim in claims if height.get(claim, -1) >= index), None)
            if heir is not None:
                holders[index] = heir
    return {
        RUNGS[index]: Reach(
            claim=holder,
            key=claims[holder].key,
            is_verified=any(height.get(claim, -1) >= index for claim in vouched),
        )
        for index, holder in sorted(holders.items())
    }


def tallies(standing: dict[str, Reach]) -> Counter[Tally]:
    """What one standing adds to the figures: 1 for each rung reported, 1 beside it for each rung verified."""
    counted: Counter[Tally] = Counter()
    for rung, reach in standing.items():
        counted[(reach.key, rung, REPORTED)] += 1
        if reach.is_verified:
            counted[(reach.key, rung, VERIFIED)] += 1
    return counted


def changes(before: dict[str, Reach], after: dict[str, Reach]) -> list[tuple[Tally, int]]:
    """The signed rows that turn the tallies of `before` into those of `after`, in a fixed order."""
    difference = tallies(after)
    difference.subtract(tallies(before))
    return sorted((tally, amount) for tally, amount in difference.items() if amount)


def live_claims(facts: Sequence[Fact]) -> set[str]:
    """The ids of claims that were neither withdrawn nor rejected."""
    undone = {fact.claim for fact in facts if fact.kind in (WITHDRAWAL, REJECTION)}
    return {fact.id for fact in facts if fact.kind == CLAIM} - undone
