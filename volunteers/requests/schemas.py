"""The shape of a help request that a program sends, and how many requests one sender, hamlet or number may make."""

from datetime import timedelta

from ninja import Schema
from pydantic import Field

from project.lib.limits import allow, is_over
from volunteers.areas.models import Area

HOUR, DAY = int(timedelta(hours=1).total_seconds()), int(timedelta(days=1).total_seconds())
# A hall of volunteers or a whole mobile network may share one address, so the sender's limit is wide; the limits of the
# hamlet and of the number keep a neighbour from being flooded.
PER_SENDER = 20  # an hour
PER_HAMLET = 15  # an hour
PER_COMMUNE = 60  # an hour, where no hamlet was named
PER_NUMBER = 4  # a day
LOOK_UPS = 20  # codes that do not exist, in ten minutes


def may_ask(sender: str, place: Area, number: str) -> bool:
    """Whether one more request from this sender, for this place and number is believable; counts it if so."""
    is_hamlet = place.level == Area.Level.HAMLET and not place.is_unlisted
    limits = (
        ("request.sender", sender, PER_SENDER, HOUR),
        ("request.place", place.pk, PER_HAMLET if is_hamlet else PER_COMMUNE, HOUR),
        ("request.number", number, PER_NUMBER, DAY),
    )
    if any(is_over(what, who, limit=limit, seconds=seconds) for what, who, limit, seconds in limits):
        return False
    counted = [allow(what, who, limit=limit, seconds=seconds) for what, who, limit, seconds in limits]
    return all(counted)


class RequestIn(Schema):
    """Contract §5: what an elder asks for, from a program."""

    commune: str = Field(max_length=24)
    hamlet: str | None = Field(default=None, max_length=32)
    topic: str = Field(max_length=24)
    phone: str = Field(max_length=40)
    good_time: str | None = Field(default=None, max_length=32)
    lesson: int | None = Field(default=None, ge=1, le=999_999)
    step: str | int | None = None


class RequestOut(Schema):
    """The code to come back with, and where the request stands."""

    code: str
    status: str
