"""Small pictures as SVG texts. Pure. Every text is escaped here; colours come from classes of the style sheet.

Readable without colour: reported is light with a rim, verified solid, the target a tall line with a cap.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, FOOT = 8, 8, 12, 12


def share(part: float, whole: float) -> str:
    """A length in percent for SVG: '0' to '100', one decimal at most."""
    if part <= 0 or whole <= 0:
        return "0"
    return f"{min(100.0, 100 * part / whole):.1f}".removesuffix(".0")


def bar(reported: int, verified: int, target: int | None, full: int, label: str) -> str:
    """A thin bar: reported, verified within it, a line at the target. `label` says the same in words."""
    parts = [
        f'<svg class="bar thin" role="img" aria-label="{escape(label, quote=True)}">',
        '<rect class="base" x="0" y="3" width="100%" height="10" rx="5"></rect>',
    ]
    if reported > 0:
        parts.append(f'<rect class="reported" x="0" y="3" width="{share(reported, full)}%" height="10" rx="5"></rect>')
    if verified > 0:
        parts.append(f'<rect class="verified" x="0" y="3" width="{share(verified, full)}%" height="10" rx="5"></rect>')
    if target:
        place = share(target, full)
        parts.append(f'<line class="target" x1="{place}%" x2="{place}%" y1="0" y2="16"></line>')
    return "".join([*parts, "</svg>"])


def burn_up(
    daily: Mapping[date, int],
    *,
    first_day: date,
    last_day: date,
    today: date,
    done: int,
    target: int | None,
    expected: tuple[int, int, int] | None,
    label: str,
) -> str:
    """The total by day from the first to the last day, the target as a level line, and the 80 % band to the due date.

    `daily`: persons a day; `done`: the total today; `expected`: (low, on the due date, high) or None. `label` says
    the same in words; the table with the days stands beside it on the page.
    """
    days = max(1, (last_day - first_day).days)
    top = max(done, target or 0, expected[2] if expected else 0, 1) * 1.05

    def x(day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, max(0.0, (day - first_day).days / days))

    def y(count: float) -> float:
        return TOP + (HEIGHT - TOP - FOOT) * (1 - count / top)

    now_day = min(today, last_day)
    points, total = [(x(first_day), y(0))], 0
    day = first_day
    while day <= now_day:
        total += daily.get(day, 0)
        points.append((x(day), y(total)))
        day += timedelta(days=1)
    parts = [
        f'<svg class="burn-up" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label, quote=True)}">',
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(0):.1f}" y2="{y(0):.1f}"></line>',
    ]
    if target:
        level = f"{y(target):.1f}"
        parts.append(f'<line class="goal" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{level}" y2="{level}"></line>')
    if expected and now_day < last_day:
        low, middle, high = expected
        here, there = x(now_day), x(last_day)
        band = _points([(here, y(done)), (there, y(high)), (there, y(low))])
        parts.append(f'<polygon class="band" points="{band}"></polygon>')
        parts.append(f'<polyline class="ahead" points="{_points([(here, y(done)), (there, y(middle))])}"></polyline>')
    parts.append(f'<polyline class="done" points="{_points(points)}"></polyline>')
    parts.append(f'<circle class="now" cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="5"></circle>')
    return "".join([*parts, "</svg>"])


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
