"""Points: distance, coarseness, and the box of the country."""

import pytest

from project.lib.geo import VIETNAM, LatLng, box_around, haversine_km, in_vietnam

HA_NOI, HCMC = LatLng(21.0285, 105.8542), LatLng(10.7769, 106.7009)


def test_distance() -> None:
    assert haversine_km(HA_NOI, HCMC) == pytest.approx(1144, abs=3)
    assert haversine_km(HA_NOI, HA_NOI) == 0
    assert haversine_km(HA_NOI, HCMC) == pytest.approx(haversine_km(HCMC, HA_NOI))
    assert haversine_km(LatLng(0, 0), LatLng(0, 180)) == pytest.approx(20015, abs=1)


def test_points_are_coarse() -> None:
    assert LatLng(11.81234, 106.98765).rounded() == LatLng(11.812, 106.988)


@pytest.mark.parametrize(("lat", "lng"), [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))])
def test_impossible_points_are_refused(lat: float, lng: float) -> None:
    with pytest.raises(ValueError):
        LatLng(lat, lng)


def test_vietnam_holds_its_ends_and_islands_and_no_swapped_point() -> None:
    for inside in (HA_NOI, HCMC, LatLng(23.39, 105.32), LatLng(8.56, 104.84), LatLng(8.64, 111.92)):
        assert in_vietnam(inside)
    assert not in_vietnam(LatLng(48.85, 2.35))
    with pytest.raises(ValueError):
        LatLng(106.7009, 10.7769)  # swapped: no latitude at all


def test_a_box_grows_by_kilometres() -> None:
    box = box_around([HA_NOI, HCMC])
    assert box.holds(LatLng(15, 106))
    assert not box.holds(LatLng(21.05, 106))
    assert box.grown(5).holds(LatLng(21.05, 106))
    assert VIETNAM.holds(LatLng(box.south, box.west))
    with pytest.raises(ValueError):
        box_around([])
