"""The pictures: well-formed, bounded, and no text slips through unescaped."""

from datetime import date, timedelta
from xml.etree import ElementTree

from volunteers.dashboards.charts import bar, burn_up, share


def test_a_bar_never_leaves_its_frame() -> None:
    picture = ElementTree.fromstring(bar(900, 450, 500, 600, "312 of 500"))
    widths = [float(part.get("width", "0").rstrip("%")) for part in picture.iter("rect")]
    assert widths == [100.0, 100.0, 75.0]
    assert picture.get("aria-label") == "312 of 500"


def test_nothing_done_draws_no_bar() -> None:
    picture = ElementTree.fromstring(bar(0, 0, None, 1, "nothing"))
    assert [part.get("class") for part in picture] == ["base"]


def test_a_name_with_signs_stays_a_text() -> None:
    picture = ElementTree.fromstring(bar(1, 0, 2, 2, '"><script>alert(1)</script>'))
    assert picture.get("aria-label") == '"><script>alert(1)</script>'
    assert not list(picture.iter("script"))


def test_the_burn_up_shows_the_way_the_goal_and_the_band() -> None:
    first = date(2026, 10, 1)
    daily = {first + timedelta(days=step): 5 for step in range(10)}
    picture = ElementTree.fromstring(
        burn_up(
            daily, first_day=first, last_day=first + timedelta(days=30), today=first + timedelta(days=10), done=50,
            target=150, expected=(120, 150, 180), label="l",
        )
    )  # fmt: skip
    assert [part.get("class") for part in picture] == ["axis", "goal", "band", "ahead", "done", "now"]
    for part in picture.iter("polyline"):
        for point in (part.get("points") or "").split():
            x, y = (float(number) for number in point.split(","))
            assert 0 <= x <= 640
            assert 0 <= y <= 220


def test_shares_are_written_for_svg() -> None:
    assert (share(1, 3), share(5, 5), share(7, 5), share(0, 5), share(1, 0)) == ("33.3", "100", "100", "0", "0")
