"""Every page that a person can open, with who opens it, in the demo province: filled (Bù Đăng) and empty (Bom Bo).

Shared by the sweep of the browser tests and by `make screens`.
"""

from dataclasses import dataclass

from tests.browser.site import Site

ELDER = ""  # nobody: no account
LEAD, EMPTY_LEAD = "lead.25396", "lead.25405"
PROVINCE, LEADER, VOLUNTEER, EDITOR = "province", "leader1.25396", "volunteer1.25396", "editor"

IDS = """
from volunteers.models import *
from project.accounts.models import User
area = Area.objects.get(pk='25396')
me = User.objects.get(email='volunteer1.25396@gocua.example')
lead = User.objects.get(email='lead.25396@gocua.example')
visit = Visit.objects.visible_to(me).filter(status='planned').order_by('planned_start').first()
def first(rows):
    row = rows.first()
    return str(row.pk) if row else ''
campaign = Campaign.objects.visible_to(lead).first() or Campaign.objects.filter(area__in=['25396', '75']).first()
result = {
    'hamlet': first(Area.objects.hamlets().filter(parent=area)),
    'team': first(Team.objects.filter(area=area, memberships__user=me)),
    'member': first(Membership.objects.filter(user=me)),
    'request': first(HelpRequest.objects.filter(area=area, status='received')),
    'request_code': HelpRequest.objects.filter(area=area).first().code,
    'campaign': str(campaign.pk),
    'target': first(Target.objects.filter(area=area)),
    'session': str(visit.session_id), 'visit': str(visit.pk),
    'mobile_day': first(Session.objects.filter(area=area, is_public=True)),
    'household': str(visit.household_id),
    'plan': first(PlanRun.objects.filter(area=area)),
    'import': first(ImportRun.objects.filter(area=area)),
    'invitation': first(Invitation.objects.filter(scope=area.scope)),
    'badge': Membership.objects.filter(user=me).first().badge_token,
}
"""


@dataclass(frozen=True)
class Stop:
    """A page of the tour: a name for its picture, its address, who opens it."""

    name: str
    address: str
    role: str

    @property
    def is_elders(self) -> bool:
        """Elders' pages carry the larger type; signing in and taking an invitation are for those who work."""
        return self.role == ELDER and not self.address.startswith(("/accounts/", "/loi-moi/"))


def stops(site: Site) -> list[Stop]:
    """The tour through this installation."""
    ids: dict[str, str] = site.query(IDS)
    elder = {
        "front": "/",
        "front-en": "/en/",
        "lessons": "/bai-hoc/",
        "topic": "/bai-hoc/vneid/",
        "lesson": "/bai-hoc/vneid/kich-hoat-vneid-muc-2/",
        "lesson-step": "/bai-hoc/vneid/kich-hoat-vneid-muc-2/?buoc=3",
        "lesson-step-en": "/en/b/1/",
        "lesson-end": "/bai-hoc/vneid/kich-hoat-vneid-muc-2/?buoc=xong",
        "search-empty": "/tim/",
        "search": "/tim/?q=dang+ky+vneid",
        "search-nothing": "/tim/?q=xyzzy",
        "search-place": "/tim/?q=huyen+bu+dop",
        "search-near": "/tim/?q=kich+hoatt",
        "sheet": "/b/1/in/",
        "sheet-booklet": "/b/1/in/?co=A5",
        "sheet-en": "/en/b/1/in/",
        "card": "/b/1/the/",
        "card-four": "/b/1/the/?ban=4",
        "pause": "/b/1/nghi/?buoc=3",
        "resume": "/tiep/",
        "resume-third": "/tiep/?hinh=ga-nha",
        "procedures": "/thu-tuc/",
        "procedures-letter": "/thu-tuc/?chu=%C4%90",
        "procedures-nothing": "/thu-tuc/?q=xyzzy",
        "procedure": "/thu-tuc/khai-sinh/",
        "points-find": "/diem-phuc-vu/?q=bu+dang",
        "points": "/diem-phuc-vu/25396/",
        "points-empty": "/diem-phuc-vu/25402/",
        "kiosk": "/kiosk/",
        "kiosk-en": "/en/kiosk/",
        "kiosk-topic": "/kiosk/chu-de/vneid/",
        "kiosk-step": "/kiosk/bai/1/?buoc=3",
        "kiosk-end": "/kiosk/bai/1/?buoc=xong",
        "kiosk-search": "/kiosk/tim/?q=vneid",
        "kiosk-search-nothing": "/kiosk/tim/?q=xyzzy",
        "kiosk-procedures": "/kiosk/thu-tuc/",
        "kiosk-procedure": "/kiosk/thu-tuc/khai-sinh/",
        "ask": "/nho-giup/",
        "ask-en": "/en/nho-giup/",
        "ask-status": f"/nho-giup/{ids['request_code']}/",
        "calendar": "/lich/",
        "calendar-commune": "/lich/?xa=25396",
        "calendar-empty": "/lich/?xa=25405",
        "privacy": "/rieng-tu/",
        "badge": f"/tn/{ids['badge']}/",
        "badge-false": "/tn/khong-co-that/",
        "invited": "/loi-moi/",
        "sign-in": "/accounts/login/",
        "code": "/accounts/login/code/",
        "reset": "/accounts/password/reset/",
        "not-found": "/khong-co-trang-nay/",
    }
    lead = {
        "commune": "/xa/25396/",
        "hamlets": "/volunteers/hamlets/?area=25396",
        "hamlet-new": "/volunteers/hamlets/new/?area=25396",
        "hamlet-edit": f"/volunteers/hamlets/{ids['hamlet']}/edit/",
        "hamlet-merge": f"/volunteers/hamlets/{ids['hamlet']}/merge/",
        "teams": "/volunteers/teams/",
        "team-new": "/volunteers/teams/new/",
        "team": f"/volunteers/teams/{ids['team']}/",
        "team-edit": f"/volunteers/teams/{ids['team']}/edit/",
        "team-invite": f"/volunteers/teams/{ids['team']}/invite/",
        "member": f"/volunteers/members/{ids['member']}/",
        "invitations": "/volunteers/invitations/",
        "invitation-sheets": "/volunteers/invitations/print/",
        "requests": "/volunteers/requests/",
        "request": f"/volunteers/requests/{ids['request']}/",
        "campaigns": "/volunteers/campaigns/",
        "campaign": f"/volunteers/campaigns/{ids['campaign']}/",
        "campaign-new": "/volunteers/campaigns/new/?area=25396",
        "target": f"/volunteers/targets/{ids['target']}/",
        "sessions": "/volunteers/sessions/",
        "session": f"/volunteers/sessions/{ids['session']}/",
        "session-new": "/volunteers/sessions/new/25396/",
        "visit": f"/volunteers/visits/{ids['visit']}/",
        "plans": "/volunteers/plans/",
        "plan": f"/volunteers/plans/{ids['plan']}/",
        "households": "/volunteers/households/",
        "household": f"/volunteers/households/{ids['household']}/",
        "household-new": "/volunteers/households/new/?area=25396",
        "household-edit": f"/volunteers/households/{ids['household']}/edit/",
        "import-new": "/volunteers/imports/new/?area=25396",
        "import": f"/volunteers/imports/{ids['import']}/",
        "records": "/volunteers/records/",
        "audit": "/volunteers/audit/",
        "inbox": "/volunteers/notifications/",
        "me": "/volunteers/me/",
        "preferences": "/volunteers/notifications/preferences/",
        "two-factor": "/accounts/2fa/",
        "my-sessions": "/accounts/sessions/",
        "password": "/accounts/password/change/",
        "conduct": "/doi/quy-tac/",
    }
    empty = {
        "commune": "/xa/25405/",
        "households": "/volunteers/households/",
        "requests": "/volunteers/requests/",
        "sessions": "/volunteers/sessions/",
        "plans": "/volunteers/plans/",
        "invitations": "/volunteers/invitations/",
        "inbox": "/volunteers/notifications/",
    }
    province = {
        "province": "/tinh/75/",
        "people": "/volunteers/people/",
        "people-invite": "/volunteers/people/invite/",
        "plans": "/volunteers/plans/",
        "teams": "/volunteers/teams/",
    }
    volunteer = {
        "today": "/doi/",
        "door": f"/doi/thuc-dia/luot/{ids['visit']}/",
        "record": "/doi/thuc-dia/",
        "walk-in": f"/doi/thuc-dia/buoi/{ids['session']}/khach/",
        "companion": "/doi/thuc-dia/bai/1/?buoc=2",
        "companion-iphone": "/doi/thuc-dia/bai/1/?buoc=2&may=iphone",
        "record-voice": "/doi/thuc-dia/bai/1/thu-giong/?buoc=2",
        "free": "/volunteers/availability/",
        "sessions": "/volunteers/sessions/",
        "session": f"/volunteers/sessions/{ids['session']}/",
        "team": "/volunteers/teams/",
        "my-badge": "/volunteers/me/badge/",
        "inbox": "/volunteers/notifications/",
        "me": "/volunteers/me/",
    }
    leader = {"today": "/doi/", "requests": "/volunteers/requests/", "teams": "/volunteers/teams/"}
    groups = [
        (ELDER, "elder", elder),
        (LEAD, "lead", lead),
        (EMPTY_LEAD, "lead-empty", empty),
        (PROVINCE, "province", province),
        (VOLUNTEER, "volunteer", volunteer),
        (LEADER, "leader", leader),
    ]
    return [
        Stop(f"{label}-{name}", address, role)
        for role, label, pages in groups
        for name, address in pages.items()
        if "//" not in address.removeprefix("/")
    ]
