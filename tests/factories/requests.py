"""Help requests."""

from volunteers.areas.models import Area
from volunteers.requests.models import HelpRequest

PHONE = "+84912345678"


def make_request(commune: Area, hamlet: Area | None = None, **overrides: object) -> HelpRequest:
    """A request that has just been received, for help with the electronic identity."""
    values: dict[str, object] = {
        "code": f"K7M2QX9D{HelpRequest.objects.count():02d}", "topic": "vneid_l2", "phone": PHONE,
        "good_time": "morning",
    } | overrides  # fmt: skip
    return HelpRequest.objects.create(area=commune, hamlet=hamlet, **values)
