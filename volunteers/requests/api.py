"""Help requests for programs: file one, ask where it stands (contract §5)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import HttpError, ValidationError

from project.lib.limits import allow, is_over, sender
from project.lib.phone import PhoneError, parse
from project.lib.vietnamese import fold
from volunteers.areas.models import Area
from volunteers.areas.queries import commune_with_code, hamlet_with_code
from volunteers.requests.actions import receive_request
from volunteers.requests.models import HelpRequest
from volunteers.requests.queries import by_code, topic_codes
from volunteers.requests.schemas import LOOK_UPS, RequestIn, RequestOut, may_ask
from volunteers.requests.states import good_time_of

router = Router(tags=["requests"])


@router.post("/requests", auth=None, response={201: RequestOut}, url_name="receive_request")
def receive(request: HttpRequest, body: RequestIn) -> tuple[int, HelpRequest]:
    """File a help request. 422 lists what does not fit; 429 when one sender, hamlet or number asks too often."""
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        raise PermissionDenied  # a browser on somebody else's page
    errors: list[dict[str, Any]] = []
    commune = commune_with_code(body.commune)
    if commune is None:
        errors.append(_error("commune", _("There is no commune with this code.")))
    hamlet = _hamlet(commune, body.hamlet) if commune is not None and body.hamlet else None
    if commune is not None and body.hamlet and hamlet is None:
        errors.append(_error("hamlet", _("This hamlet is not in that commune.")))
    if body.topic not in topic_codes():
        errors.append(_error("topic", _("Name the code of a service, or «other».")))
    good_time = good_time_of(fold(body.good_time or ""))
    if good_time is None:
        errors.append(
            _error("good_time", _("Say morning, afternoon, evening, sunday, any, or hours like 08:00-10:30."))
        )
    step = "" if body.step is None else str(body.step).strip()
    if len(step) > 40:
        errors.append(_error("step", _("Too long.")))
    try:
        number = parse(body.phone)
    except PhoneError as error:
        number = ""
        errors.append(_error("phone", str(error)))
    if errors or commune is None:
        raise ValidationError(errors)
    if not may_ask(sender(request), hamlet or commune, number):
        raise HttpError(429, _("Too many requests for now. Please try again in an hour."))
    row = receive_request(
        commune, hamlet=hamlet, topic=body.topic, phone=number, good_time=good_time or "", lesson_number=body.lesson,
        step=step,
    )  # fmt: skip
    return 201, row


@router.get("/requests/{code}", auth=None, response=RequestOut, url_name="request_status")
def status(request: HttpRequest, code: str) -> HelpRequest:
    """Where a request stands. Codes that do not exist are counted per sender: 429 after some."""
    who = sender(request)
    if is_over("request.missed", who, limit=LOOK_UPS, seconds=600):
        raise HttpError(429, _("Too many codes that do not exist. Please try again in ten minutes."))
    row = by_code(code)
    if row is None:
        allow("request.missed", who, limit=LOOK_UPS, seconds=600)
        raise Http404
    return row


def _hamlet(commune: Area, text: str) -> Area | None:
    """By its public code (25396-h7) or its own code in the commune (h7)."""
    text = text.strip()
    hamlet = hamlet_with_code(text if "-" in text else f"{commune.code}-{text}")
    return hamlet if hamlet is not None and hamlet.parent_id == commune.pk else None


def _error(field: str, message: str) -> dict[str, Any]:
    return {"loc": ("body", "body", field), "msg": message}  # as the schema's own errors look
