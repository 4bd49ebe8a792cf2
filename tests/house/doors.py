"""Every own door of the product, classed: public, signed-in or scoped. A new door without a class fails the test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from learning.models import VoiceOffer
from project.accounts.models import User
from project.lib.clock import now, today
from project.lib.ids import new_id
from tests.cast import Cast, seat_cast
from tests.factories.people import make_grant, make_user
from tests.factories.work import make_crew, make_household, make_person, make_service, make_session, make_visit
from volunteers.activations.models import Event
from volunteers.areas.models import ImportRun
from volunteers.availability.models import AvailabilityException
from volunteers.notifications.models import Notification
from volunteers.planning.models import PlanRun, Proposal
from volunteers.requests.models import HelpRequest
from volunteers.sessions.models import SignUp
from volunteers.targets.models import Campaign, Target
from volunteers.teams.actions import invite

CANARY = "Chim-Yến"  # stands in every text of the rows below; no stranger may ever read it

PUBLIC = {
    "healthz",
    "readyz",
    "manifest",
    "media",
    "privacy",
    "learning:lesson",
    "learning:pack",
    "learning:worker",
    "learning:away",
    "learning:short",
    "learning:useful",
    "learning:stuck",
    "learning:count",
    "learning:search",
    "learning:sheet",
    "learning:card",
    "learning:resume",
    "learning:pause",
    "learning:procedures",
    "learning:procedure",
    "learning:places",
    "learning:points",
    "learning:kiosk",
    "learning:kiosk_search",
    "learning:kiosk_topic",
    "learning:kiosk_lesson",
    "learning:kiosk_procedures",
    "learning:kiosk_procedure",
    "areas:search",
    "teams:accept_code",
    "teams:accept",
    "teams:badge",
    "requests:ask",
    "requests:status",
    "sessions:calendar",
    "sessions:feed",
    "sessions:own_feed",
    "api:openapi-json",
    "api:api-root",
    "api:receive_request",
    "api:request_status",
}
SIGNED_IN = {
    "accounts:profile",
    "teams:home",
    "teams:conduct",
    "teams:my_badge",
    "availability:week",
    "availability:except",
    "visits:today",
    "field:shell",
    "field:safety",
    "field:companion",
    "field:record_voice",
    "notifications:inbox",
    "notifications:read_all",
    "notifications:preferences",
    "households:import_template",
    "api:sync_pack",
    "api:sync_changes",
    "api:sync_ops",
    "api:sync_devices",
}
# Doors that are no addresses of pages, and where strangers and weak roles knock on them.
SOCKETS = {"ws/live/": "tests/volunteers/dashboards/test_socket.py"}
VIEWSETS = {
    "places": "tests/volunteers/areas/test_viewset.py",
    "snippets/learning/service": "tests/learning/editor/test_cms.py",
    "snippets/learning/appversion": "tests/learning/editor/test_shared_pieces.py",
    "snippets/learning/glossaryterm": "tests/learning/editor/test_shared_pieces.py",
    "snippets/learning/helpcontact": "tests/learning/editor/test_shared_pieces.py",
    "snippets/learning/procedure": "tests/learning/editor/test_shared_pieces.py",
    "snippets/learning/servicepoint": "tests/learning/editor/test_shared_pieces.py",
    "snippets/learning/track": "tests/learning/editor/test_shared_pieces.py",
    "snippets/learning/warningbox": "tests/learning/editor/test_shared_pieces.py",
}
# Wagtail's and allauth's own addresses, by prefix: theirs to guard, ours to keep patched.
PREFIXES = ("accounts/", "_allauth/", "cms/", "_util/", "en/", "^")


@dataclass(frozen=True)
class World:
    """Real rows in Bù Đăng, and the people who knock."""

    cast: Cast
    kien: User  # lead of another commune: strong, and still a stranger here
    rows: dict[str, Any]


@dataclass(frozen=True)
class Door:
    """One scoped address. `row`: whose id it takes; `right`: who may; `weak`: who is refused."""

    name: str
    row: str = ""
    method: str = "get"
    right: str = "minh"
    weak: str = "tung"
    weak_status: int = 403
    query: str = ""

    @property
    def is_list(self) -> bool:
        """A list shows a stranger an empty page instead of 404."""
        return not self.row


DOORS = [
    Door("areas:hamlets"),
    Door("areas:create", query="?area=25396"),
    Door("areas:edit", "hamlet"),
    Door("areas:retire", "hamlet", "post"),
    Door("areas:merge", "hamlet"),
    Door("teams:list", weak=""),
    Door("teams:create"),
    Door("teams:detail", "team", weak=""),
    Door("teams:edit", "team"),
    Door("teams:close", "team", "post"),
    Door("teams:invite", "team"),
    Door("teams:member", "member"),
    Door("teams:end_member", "member", "post"),
    Door("teams:record_training", "member", "post"),
    Door("teams:people", right="lan"),
    Door("teams:invite_person", right="lan"),
    Door("teams:revoke_grant", "grant", "post", right="lan", weak="minh"),
    Door("teams:invitations"),
    Door("teams:invitation_sheets"),
    Door("teams:invitation", "invitation", weak_status=404),
    Door("teams:renew", "member", "post"),
    Door("teams:revoke_invitation", "invitation", "post", weak_status=404),
    Door("requests:list"),
    Door("requests:rows"),
    Door("requests:detail", "request", weak_status=404),
    Door("requests:assign", "request", "post", weak="hoa"),
    Door("requests:close", "request", "post", weak_status=404),
    Door("requests:cancel", "request", "post", weak="hoa"),
    Door("requests:reopen", "request", "post", weak_status=404),
    Door("requests:phone", "request", "post", weak_status=404),
    Door("availability:remove", "exception", "post", right="tung", weak=""),
    Door("targets:list"),
    Door("targets:create"),
    Door("targets:detail", "campaign"),
    Door("targets:edit", "campaign"),
    Door("targets:set_target", "campaign", "post"),
    Door("targets:target", "target"),
    Door("sessions:list", weak=""),
    Door("sessions:new", "commune"),
    Door("sessions:detail", "session", weak=""),
    Door("sessions:sign_up", "session", "post", right="tung", weak=""),
    Door("sessions:leave", "session", "post", right="hoa", weak=""),
    Door("sessions:move", "session", "post"),
    Door("sessions:cancel", "session", "post"),
    Door("visits:detail", "visit", weak=""),
    Door("visits:reschedule", "visit", "post"),
    Door("visits:cancel", "visit", "post"),
    Door("activations:flags"),
    Door("activations:clear", "event", "post"),
    Door("activations:reject", "event", "post"),
    Door("activations:verify", "event", "post"),
    Door("planning:list"),
    Door("planning:detail", "plan", weak_status=404),
    Door("planning:progress", "plan", weak_status=404),
    Door("planning:stop", "plan", "post", weak_status=404),
    Door("planning:publish", "plan", "post", weak_status=404),
    Door("planning:discard", "plan", "post", weak_status=404),
    Door("field:visit", "visit", right="tung", weak=""),
    Door("field:start", "visit", "post", right="tung", weak=""),
    Door("field:take_back", "visit", "post", right="tung", weak=""),
    Door("field:walk_in", "session", right="tung", weak=""),
    Door("field:shift", "session", "post", right="tung", weak=""),
    Door("field:own_voice", "voice", right="tung", weak=""),
    Door("households:list", weak_status=404),
    Door("households:create", query="?area=25396", weak_status=404),
    Door("households:detail", "household", weak_status=404),
    Door("households:edit", "household", weak_status=404),
    Door("households:show_phone", "household", "post", weak_status=404),
    Door("households:retire", "household", "post", weak_status=404),
    Door("households:reactivate", "household", "post", weak_status=404),
    Door("households:import_new", query="?area=25396", weak_status=404),
    Door("households:import_detail", "import", weak_status=404),
    Door("households:import_progress", "import", weak_status=404),
    Door("households:import_recheck", "import", "post", weak_status=404),
    Door("households:import_confirm", "import", "post", weak_status=404),
    Door("households:import_discard", "import", "post", weak_status=404),
    Door("households:import_rejected", "rejected", weak_status=404),
    Door("dashboards:commune", "commune"),
    Door("dashboards:commune_progress", "commune"),
    Door("dashboards:province", "province", right="lan", weak="minh", weak_status=404),
    Door("dashboards:province_progress", "province", right="lan", weak="minh", weak_status=404),
    Door("notifications:read", "notice", "post", right="tung", weak=""),
    Door("reports:audit"),
    Door("api:area_progress", "commune"),
]


def build_world() -> World:
    """Seat the cast and fill Bù Đăng."""
    cast = seat_cast()
    kien = make_user("Trịnh Trung Kiên", email="kien@gocua.example")
    make_grant(kien, "commune_lead", cast.far.scope)
    cast.team.name = f"Tổ {CANARY}"
    cast.team.save()
    for hamlet in (cast.h1, cast.h2):
        hamlet.name, hamlet.full_name = f"{CANARY} {hamlet.pk[-1]}", f"Thôn {CANARY} {hamlet.pk[-1]}"
        hamlet.save()
    for user in (cast.hoa, cast.tung):
        user.name = f"{CANARY} {user.name}"
        user.save()
    service = make_service("vneid_l2", lesson_number=1)
    household = make_household(cast.h1, lane=f"Ngõ {CANARY}", call_name=f"bà {CANARY}")
    household.needs.add(service)
    person = make_person(household)
    session = make_session(cast.commune, cast.team, title=f"Buổi {CANARY}", plan_id=new_id())
    SignUp.objects.create(session=session, membership=cast.hoa_member)
    crew = make_crew(session, cast.hoa_member, cast.tung_member)
    visit = make_visit(session, household, crew)
    request = HelpRequest.objects.create(
        code="CHIMYEN234",
        area=cast.commune,
        hamlet=cast.h1,
        topic="vneid_l2",
        phone="+84912345678",
        team=cast.team,
        status="assigned",
        comes_names=CANARY,
    )
    campaign = Campaign.objects.create(
        slug="chim-yen",
        name=f"Đợt {CANARY}",
        area=cast.commune,
        starts_on=today(),
        ends_on=today() + timedelta(days=30),
    )
    target = Target.objects.create(
        campaign=campaign, area=cast.commune, service=service, rung="activated", number=10, due_on=campaign.ends_on
    )
    plan = PlanRun.objects.create(
        area=cast.commune, from_on=today() + timedelta(days=1), to_on=today() + timedelta(days=7), status="done"
    )
    Proposal.objects.create(run=plan, problem=_problem(), plan=_plan(str(household.pk)))
    invitation = invite(by=cast.minh, role="volunteer", team=cast.team, name=f"{CANARY} Mới", phone="0912345670")
    exception = AvailabilityException.objects.create(membership=cast.tung_member, day=today() + timedelta(days=2))
    notice = Notification.objects.create(recipient=cast.tung, entry_id=1, action="x.y", subject=CANARY, body=CANARY)
    run = ImportRun.objects.create(kind="households", area=cast.commune, file_name=f"{CANARY}.csv", status="checked")
    path = storages["private"].save("imports/rejected.csv", ContentFile(f"Ngõ {CANARY}".encode()))
    rejected = ImportRun.objects.create(
        kind="households", area=cast.commune, file_name="hộ.csv", status="done", rejected_path=path
    )
    event = Event.objects.create(
        person=person,
        service=service,
        rung="briefed",
        number=1,
        hamlet=cast.h1,
        team=cast.team,
        visit=visit,
        session_kind="round",
        day=today(),
        happened_at=now(),
        recorded_by=cast.tung,
    )
    voice = VoiceOffer(number=1, step="a", language="rad", region=CANARY, offered_by=cast.tung)
    voice.audio.save("a.mp3", ContentFile(CANARY.encode()))
    rows = {
        "voice": voice,
        "hamlet": cast.h1,
        "team": cast.team,
        "member": cast.tung_member,
        "grant": cast.minh.grants.get(),
        "event": event,
        "invitation": invitation[0] if isinstance(invitation, tuple) else invitation,
        "request": request,
        "notice": notice,
        "exception": exception,
        "campaign": campaign,
        "target": target,
        "commune": cast.commune,
        "province": cast.province,
        "session": session,
        "visit": visit,
        "plan": plan,
        "household": household,
        "import": run,
        "rejected": rejected,
    }
    return World(cast, kien, rows)


def _problem() -> dict[str, Any]:
    return {"horizon": {"days": 7, "slots": []}, "households": [], "volunteers": []}


def _plan(household: str) -> dict[str, Any]:
    left = {"household": household, "code": "time", "text": "Chưa đủ thời gian.", "would_help": "Thêm một nhóm."}
    return {"crews": [], "unserved": [left], "metrics": {"visits": 0, "weight_served": 0}}


def who(world: World, name: str) -> User:
    """A person of the cast by first name."""
    user: User = world.kien if name == "kien" else getattr(world.cast, name)
    return user


Knock = Callable[..., Any]
