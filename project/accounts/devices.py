"""What to call a device that is signed in, from what its browser says of itself. Pure."""

import re

_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Zalo", "Zalo"),
    ("SamsungBrowser", "Samsung Internet"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MODEL = re.compile(r"Android [^;)]*; ([^;)]{2,40}?)(?: Build|[;)])")


def device_name(user_agent: str) -> str:
    """'Android (SM-A145F), Chrome'; '' where nothing is known (a program, an old browser)."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    model = _MODEL.search(user_agent)
    if system and model and model[1] != "K":  # Chrome says «K» for every phone since 2023
        system = f"{system} ({model[1]})"
    return ", ".join(part for part in (system, browser) if part)
