"""The main job in Chromium: a roster goes in, a week is planned, a door is knocked on, an account is counted, an
elder asks for help. Plays in Bom Bo, which the demo leaves staffed and empty."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SignIn
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.browser

HEADER = "Mã hộ,Thôn,Ngõ,Gọi là,Số người cần giúp,Việc cần,Giờ tiện,Điện thoại,Đồng ý\n"
BAD_ROWS = (
    "X-01,Thôn Không Có,Ngõ 1,bà Ba,1,vneid_l2,,,\n"
    "X-02,Thôn 1,Ngõ 2,ông Tư,12,vneid_l2,,,\n"
    "X-03,Thôn 1,Ngõ 3,bà Sáu,1,vneid_l2,,0912345678,\n"
)


def roster(folder: Path) -> Path:
    """Twenty-four good rows and three bad ones, as a commune would write them."""
    good = "".join(
        f"K-{number:02},Thôn {number % 4 + 1},Ngõ {number},bà số {number},2,vneid_l2;safety,,,\n"
        for number in range(1, 25)
    )
    file = folder / "danh-sach.csv"
    file.write_text(HEADER + good + BAD_ROWS, encoding="utf-8")
    return file


def tap(page: Page, selector: str) -> None:
    """Touch the large label around a radio button."""
    page.locator(f"label:has(> {selector})").click()


def import_roster(lead: Page, site: Site, folder: Path) -> None:
    """Upload, look at the check, take in."""
    lead.goto(f"{site.url}/volunteers/imports/new/?area=25405")
    lead.set_input_files("input[type=file]", roster(folder))
    lead.get_by_role("button", name="Gửi").click()
    lead.wait_for_url(re.compile("/volunteers/imports/[0-9a-f-]{36}/"))
    take_in = lead.locator("button[form=columns]")
    expect(take_in).to_be_visible(timeout=90_000)  # the check runs on the queue; a lost nudge costs a minute
    assert lead.get_by_text("Thôn Không Có").count() >= 1
    take_in.click()
    expect(lead.locator("#state")).to_contain_text("Đã nhập", timeout=90_000)
    assert lead.locator("a[href$='/rejected/']").count() == 1


def plan_and_publish(lead: Page, site: Site) -> None:
    """Order a plan from tomorrow on, wait for the proposal, publish."""
    lead.goto(f"{site.url}/volunteers/plans/?area=25405")
    lead.get_by_role("button", name="Lập kế hoạch").click()
    lead.wait_for_url(re.compile("/volunteers/plans/[0-9a-f-]{36}/"))
    publish = lead.get_by_role("button", name="Công bố kế hoạch này")
    expect(publish).to_be_visible(timeout=60_000)
    expect(lead.get_by_text("Giữ đủ mọi quy tắc")).to_be_visible()
    publish.click()
    expect(lead.locator("#result")).to_contain_text("Đã công bố")


FIRST_VISIT = """
from volunteers.models import Visit
visits = Visit.objects.filter(household__commune='25405', status='planned').select_related('crew')
visit = visits.order_by('planned_start').first()
member = visit.crew.members.exclude(user__email__startswith='leader').first() or visit.crew.members.first()
result = {'visit': str(visit.pk), 'email': member.user.email, 'code': visit.household.code}
"""
COUNTED = """
from volunteers.areas.models import Area
from volunteers.activations.queries import tallies_of
from volunteers.models import Event
from datetime import date
area = Area.objects.get(pk='25405')
sums = tallies_of(area, from_on=date(2020, 1, 1), to_on=date(2100, 1, 1))
events = Event.objects.filter(hamlet__parent=area)
result = {'activated': sums.get(('vneid_l2', 'activated', 'reported'), 0), 'events': events.count(),
          'persons': events.values('person').distinct().count()}
"""


def record_visit(volunteer: Page, site: Site, visit: str) -> None:
    """Two people agree; one activates the account on the own phone, the other hears about scams."""
    volunteer.goto(f"{site.url}/doi/thuc-dia/luot/{visit}/")
    tap(volunteer, "input[name=n1-consent][value=yes]")
    tap(volunteer, "input[name=n1-rung_vneid_l2][value=activated]")
    tap(volunteer, "input[name=n1-own][value=both]")
    volunteer.locator("label[for=pane-2]").click()
    tap(volunteer, "input[name=n2-consent][value=yes]")
    tap(volunteer, "input[name=n2-rung_safety][value=briefed]")
    tap(volunteer, "input[name=faces][value='3']")
    tap(volunteer, "input[name=result][value=done]")
    volunteer.get_by_role("button", name="Lưu", exact=True).click()
    volunteer.wait_for_load_state()


def test_from_the_roster_to_the_counted_account(site: Site, sign_in: SignIn, tmp_path: Path) -> None:
    lead = sign_in("lead.25405")
    import_roster(lead, site, tmp_path)
    assert (
        site.query(
            "from volunteers.models import Household\nresult = Household.objects.filter(commune='25405').count()"
        )
        == 24
    )
    plan_and_publish(lead, site)
    visit = site.query(FIRST_VISIT)
    before = site.query(COUNTED)

    board = sign_in("lead.25405")
    board.goto(f"{site.url}/xa/25405/")
    board.wait_for_timeout(2_500)  # the socket connects and watches
    shown = board.locator("main").inner_text()

    volunteer = sign_in(visit["email"].split("@")[0], viewport=PHONE)
    record_visit(volunteer, site, visit["visit"])
    told = time.monotonic()
    while board.locator("main").inner_text() == shown:
        assert time.monotonic() - told < 10, "the open board did not move by itself"
        board.wait_for_timeout(100)

    after = site.query(COUNTED)
    assert after["activated"] == before["activated"] + 1
    assert after["persons"] == before["persons"] + 2
    volunteer.go_back()
    if volunteer.get_by_role("button", name="Lưu", exact=True).count():
        volunteer.get_by_role("button", name="Lưu", exact=True).click()  # the same page once more: a nervous thumb
        volunteer.wait_for_load_state()
    assert site.query(COUNTED) == after
    assert '"wrong": 0' in site.manage("recount", "--json")


def test_an_elder_asks_for_help_and_the_lead_sees_it_at_once(site: Site, sign_in: SignIn) -> None:
    lead = sign_in("lead.25405")
    lead.goto(f"{site.url}/volunteers/requests/")
    lead.wait_for_timeout(2_500)
    elder = sign_in(viewport=PHONE, java_script_enabled=False)
    elder.goto(f"{site.url}/bai-hoc/vneid/kich-hoat-vneid-muc-2/?buoc=3")
    elder.get_by_role("link", name="Gọi giúp").click()
    elder.fill("input[name=q]", "bom bo")
    elder.get_by_role("button", name="Tìm").click()
    elder.get_by_role("link", name="Bom Bo").first.click()
    if elder.get_by_role("link", name="Thôn 2", exact=True).count():
        elder.get_by_role("link", name="Thôn 2", exact=True).click()
    tap(elder, "input[name=viec][value=vneid_l2]")
    elder.locator("label:has(> input[name=luc])").first.click()
    elder.get_by_role("button", name="Tiếp").click()
    elder.fill("input[name=phone]", "0912 345 671")
    elder.wait_for_timeout(3_500)  # nobody fills three screens in a second: the form refuses those who do
    elder.get_by_role("button", name="Gửi").click()
    elder.wait_for_url(re.compile("/nho-giup/[A-Z0-9]{6,}/"))
    expect(elder.locator("main")).to_contain_text("Đã nhận")
    expect(lead.locator("main")).to_contain_text("VNeID", timeout=10_000)


def test_the_demo_signs_in_with_the_password_that_was_printed(site: Site, sign_in: SignIn) -> None:
    log = (site.folder / "serve.log").read_text()
    assert PASSWORD in log
    assert site.url in log
    for name in ("province", "leader1.25396", "editor"):
        page = sign_in(name)
        assert "/accounts/login" not in page.url
