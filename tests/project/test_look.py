"""The visual language keeps its promises: contrast, sizes, weight, icons that exist, nothing foreign."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from project.parts import ICONS, PICTURES

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "project" / "static" / "project"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NIGHT, PLAIN = '[data-theme="night"]', '[data-theme="plain"]'

# Token, contrast against --paper and against --card as design.md promises them.
PROMISED = [
    ("ink", 16.7, 17.2),
    ("soft", 9.1, 9.4),
    ("leaf", 7.8, 8.1),
    ("link", 8.1, 8.4),
    ("danger", 8.1, 8.4),
    ("ok", 7.8, 8.1),
    ("edge", 4.5, 4.5),
]
# (text, ground, least) that must hold in every theme: 7 for words (WCAG 1.4.6), 3 for rims (1.4.11).
PAIRS = [
    *((text, ground, 7.0) for text in ("ink", "soft") for ground in ("paper", "card", "mist", "sand", "mark-tint")),
    *((text, ground, 7.0) for text in ("leaf", "link", "danger", "ok") for ground in ("paper", "card", "mist")),
    ("on-leaf", "leaf", 7.0),
    ("on-danger", "danger", 7.0),
    ("on-mark", "mark", 7.0),
    ("danger", "danger-tint", 7.0),
    ("ok", "ok-tint", 6.5),
    ("edge", "paper", 3.0),
    ("edge", "card", 3.0),
]


def css(name: str) -> str:
    """A style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.S)


def tokens(name: str, theme: str = "") -> dict[str, str]:
    """The colours of a theme as {'ink': '#1c1b18'}: the day's, overridden by the theme's own."""
    found: dict[str, str] = {}
    for selector, body in re.findall(r"(:root[^{}]*)\{([^{}]*)\}", css(name).split("@media")[0]):
        if selector.strip() == ":root" or (theme and theme in selector):
            found |= dict(re.findall(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{3,6})\b", body))
    return {key: full(value) for key, value in found.items()}


def full(colour: str) -> str:
    """'#FFF' → '#ffffff'."""
    digits = colour.lstrip("#").lower()
    return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "on_paper", "on_card"), PROMISED)
def test_the_day_has_the_contrast_that_was_measured(name: str, on_paper: float, on_card: float) -> None:
    day = tokens("tokens.css")
    assert contrast(day[name], day["paper"]) == pytest.approx(on_paper, abs=0.15)
    assert contrast(day[name], day["card"]) == pytest.approx(on_card, abs=0.15)


@pytest.mark.parametrize("theme", ["", NIGHT, PLAIN])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_words_can_be_read_in_every_theme(theme: str, text: str, ground: str, least: float) -> None:
    colours = tokens("tokens.css", theme)
    assert contrast(colours[text], colours[ground]) >= least


@pytest.mark.parametrize("theme", ["", NIGHT, PLAIN])
def test_elders_pages_have_the_same_colours(theme: str) -> None:
    house, elder = tokens("tokens.css", theme), tokens("elder.css", theme)
    assert elder
    assert {key: house.get(key) for key in elder} == elder


def test_the_system_night_is_the_chosen_night() -> None:
    sheet = css("tokens.css")
    chosen = re.search(r':root\[data-theme="night"\][^{]*\{([^{}]*)\}', sheet)
    automatic = re.search(r"@media \(prefers-color-scheme: dark\) \{[^{]*\{([^{}]*)\}", sheet)
    assert chosen
    assert automatic
    assert chosen[1].split() == automatic[1].split()
    assert "prefers-color-scheme" not in css("elder.css")


@pytest.mark.parametrize("name", ["base.css", "elder.css", "elder-more.css", "tokens.css", "print.css"])
def test_every_token_that_is_used_is_defined(name: str) -> None:
    defined = set(re.findall(r"--([a-z0-9-]+):", css("elder.css" if name.startswith("elder") else "tokens.css")))
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", css(name))) <= defined


@pytest.mark.parametrize(
    ("name", "least"), [("base.css", 1.0), ("elder.css", 1.125), ("elder-more.css", 1.125), ("tokens.css", 1.0)]
)
def test_no_letter_is_too_small(name: str, least: float) -> None:
    sheet = css(name)
    sizes = re.findall(r"font-size:\s*([^;}]+)", sheet)
    sizes += re.findall(r"font:\s*(?:\d{3}\s+)?([^/;}]+)/", sheet)
    sizes += re.findall(r"--(?:text|small|large|h1|h2):\s*([^;}]+)", sheet)
    assert sizes
    for size in (value.strip() for value in sizes):
        if size.startswith("var("):
            continue
        number, unit = re.fullmatch(r"([\d.]+)(rem|em|%|pt)", size).groups()  # type: ignore[union-attr]
        floor = {"rem": least, "em": 1.0, "%": 100.0, "pt": 12.0}[unit]
        assert float(number) >= floor, f"{name}: {size}"


def test_the_elders_sheet_is_light() -> None:
    step = len((STATIC / "elder.css").read_bytes())
    assert step <= 6.5 * 1024  # all that a lesson's step needs
    assert step + len((STATIC / "elder-more.css").read_bytes()) <= 12.5 * 1024


def test_the_scripts_are_small() -> None:
    assert len((STATIC / "comfort.js").read_bytes()) <= 1536
    assert len((STATIC / "fragment.js").read_bytes()) <= 3072


def test_the_workspace_sheet_stays_readable() -> None:
    assert len((STATIC / "base.css").read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    "path", sorted([*STATIC.glob("*.css"), *STATIC.glob("*.js"), *TEMPLATES]), ids=lambda path: path.name
)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href|url|import|action)\s*[=(]?\s*[\"']?(?:https?:)?//", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_are_short_and_obey_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/)|\sstyle=|\son[a-z]+=\"", text)


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    drawn = {node.attrib["id"] for node in ElementTree.parse(STATIC / "sprite.svg").getroot() if "id" in node.attrib}
    asked = set(ICONS)
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"{%\s*icon\s+\"([^\"]+)\"", text)) | set(
            re.findall(r"default:\"([a-z-]+)\" %}", text) if "icon icon|" in text else []
        )
        asked |= set(re.findall(r"\bicon(?:_after)?=\"([^\"]+)\"", text))
    assert asked <= drawn
    assert drawn == set(ICONS), "a new icon belongs on the parts page too"


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_light_and_draw_nothing_foreign(name: str) -> None:
    path = STATIC / "art" / f"{name}.svg"
    assert len(path.read_bytes()) <= 6 * 1024
    assert {node.tag.rpartition("}")[2] for node in ElementTree.parse(path).iter()} <= {
        "svg",
        "path",
        "circle",
        "rect",
        "g",
    }
