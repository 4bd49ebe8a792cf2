"""What each staffed commune of the demo looks like: figures only. Pure."""

from dataclasses import dataclass

PROVINCE, LIVELY_RURAL, LIVELY_TOWN, EMPTY = "75", "25396", "26041", "25405"
SERVICES = ("vneid_l1", "vneid_l2", "portal", "esign", "epay", "docs", "health_book", "ssa", "safety")  # contract §3
DAYS_BEFORE, DAYS_AFTER = 21, 49  # first and last day of the campaigns, from today


@dataclass(frozen=True)
class TeamPlan:
    """A team's name and kind (volunteers.teams.models.Team.Kind)."""

    name: str
    kind: str


@dataclass(frozen=True)
class CommunePlan:
    """A staffed commune. `lat`, `lon`: the real middle of the commune; everything around it is invented."""

    code: str
    lat: float
    lon: float
    hamlets: int
    hamlet_kind: str
    teams: tuple[TeamPlan, ...]
    volunteers: int  # team leaders and crew leads among them
    crew_leads: int  # team leaders among them
    households: int
    language: str = ""  # of the people who live there beside the Vietnamese; '' none
    is_lively: bool = False
    is_named: bool = False  # hamlets with names after the first six numbers
    round_every: int = 5  # days between two rounds of a team
    is_always_free: bool = False

    @property
    def is_town(self) -> bool:
        """Whether people live in alleys."""
        return self.hamlet_kind == "khu_pho"


_FIVE_TEAMS = (
    TeamPlan("Tổ công nghệ số cộng đồng số 1", "community_digital"),
    TeamPlan("Tổ công nghệ số cộng đồng số 2", "community_digital"),
    TeamPlan("Đội thanh niên tình nguyện", "youth"),
    TeamPlan("Tổ Đề án 06", "project_06"),
    TeamPlan("Nhóm bưu điện", "post"),
)
_TOWN_TEAMS = (*_FIVE_TEAMS[:4], TeamPlan("Nhóm viễn thông", "telecom"))
_ONE_TEAM = (TeamPlan("Tổ công nghệ số cộng đồng", "community_digital"),)
_THREE_TEAMS = (_FIVE_TEAMS[0], _FIVE_TEAMS[1], _FIVE_TEAMS[2])

RURAL = CommunePlan(
    LIVELY_RURAL, 11.812, 107.237, 12, "thon", _FIVE_TEAMS, 28, 12, 220, language="sti", is_lively=True, is_named=True
)
TOWN = CommunePlan(
    LIVELY_TOWN, 10.953, 106.818, 8, "khu_pho", _TOWN_TEAMS, 22, 10, 150, language="zh", is_lively=True, round_every=6
)
# Contract §2: 11 hamlets, 3 teams, 18 volunteers free all week, 3 team leaders, 6 crew leads, no households.
BOM_BO = CommunePlan(EMPTY, 11.936, 107.171, 11, "thon", _THREE_TEAMS, 18, 6, 0, language="sti", is_always_free=True)

# code, latitude, longitude, kind of hamlet
_MODEST = (
    ("25210", 11.535, 106.883, "khu_pho"), ("25217", 11.806, 106.974, "khu_pho"), ("25270", 11.845, 106.589, "khu_pho"),
    ("25326", 11.651, 106.604, "khu_pho"), ("25432", 11.417, 106.633, "khu_pho"), ("26080", 10.937, 107.241, "khu_pho"),
    ("26206", 11.197, 107.353, "ap"), ("26248", 10.953, 107.006, "khu_pho"), ("26341", 10.807, 107.228, "ap"),
    ("26368", 10.781, 106.951, "khu_pho"), ("26425", 10.930, 107.402, "khu_pho"), ("26485", 10.741, 106.889, "khu_pho"),
)  # fmt: skip
MODEST = tuple(CommunePlan(code, lat, lon, 4, kind, _ONE_TEAM, 5, 2, 30) for code, lat, lon, kind in _MODEST)
STAFFED = (RURAL, TOWN, BOM_BO, *MODEST)
