"""The permanent cast: five people, three communes, two teams (house.md §8.5)."""

from dataclasses import dataclass

from project.accounts.models import User
from tests.factories.areas import make_commune, make_hamlet, make_province
from tests.factories.people import make_grant, make_member, make_team, make_user
from volunteers.areas.models import Area
from volunteers.teams.models import Membership, Team


@dataclass(frozen=True)
class Cast:
    """Lan coordinates Đồng Nai; Minh leads Bù Đăng; Hoa leads a team there, Tùng is in it; Sơn is the stranger."""

    province: Area
    commune: Area  # Bù Đăng 25396, Minh's, with hamlets h1 and h2
    h1: Area
    h2: Area
    twin: Area  # 25397: a neighbour whose code begins alike
    far: Area  # Trấn Biên 26041, where Sơn is
    far_h1: Area
    team: Team  # Hoa's, in Bù Đăng
    far_team: Team  # Sơn's, in Trấn Biên
    lan: User
    minh: User
    hoa: User
    tung: User
    son: User
    hoa_member: Membership
    tung_member: Membership
    son_member: Membership


def seat_cast() -> Cast:
    """Create everybody."""
    province = make_province()
    commune = make_commune("25396", "Bù Đăng", parent=province)
    twin = make_commune("25397", "Bù Đăng Hạ", parent=province)
    far = make_commune("26041", "Trấn Biên", kind="phuong", parent=province)
    h1, h2 = make_hamlet(commune, "h1"), make_hamlet(commune, "h2")
    far_h1 = make_hamlet(far, "h1", kind="khu_pho")
    team, far_team = make_team(commune, "Tổ Hoa"), make_team(far, "Tổ Sơn")
    lan = make_user("Trần Thị Lan", email="lan@gocua.example")
    minh = make_user("Lê Văn Minh", email="minh@gocua.example")
    hoa = make_user("Phạm Thị Hoa", email="hoa@gocua.example")
    tung = make_user("Đỗ Thanh Tùng", email="tung@gocua.example")
    son = make_user("Vũ Hải Sơn", email="son@gocua.example")
    make_grant(lan, "province_coordinator", province.scope)
    make_grant(minh, "commune_lead", commune.scope)
    return Cast(
        province=province,
        commune=commune,
        h1=h1,
        h2=h2,
        twin=twin,
        far=far,
        far_h1=far_h1,
        team=team,
        far_team=far_team,
        lan=lan,
        minh=minh,
        hoa=hoa,
        tung=tung,
        son=son,
        hoa_member=make_member(team, hoa, role="team_leader", may_lead=True, gender="woman", birth_year=1990),
        tung_member=make_member(team, tung, birth_year=2004),
        son_member=make_member(far_team, son, may_lead=True),
    )
