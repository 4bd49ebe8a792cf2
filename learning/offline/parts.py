"""What a page needs beside itself: scripts, pictures and voices, read off its own words. Pure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOICE, PICTURE, SCRIPT = "voice", "picture", "script"


@dataclass
class Part:
    """One file. `instead_of`: other sizes and formats of the same picture, which this one stands in for."""

    url: str
    kind: str
    instead_of: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the files of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Part] = {}
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and _own(given.get("src", "")):
            self.add(given["src"], SCRIPT)
        elif tag == "source":
            self.sources += _addresses(given.get("srcset", ""))
        elif tag == "img" and _own(given.get("src", "")):
            part = self.add(given["src"], PICTURE)
            others = [*self.sources, *_addresses(given.get("srcset", ""))]
            part.instead_of += [url for url in others if url != part.url and url not in part.instead_of]
            self.sources = []
        elif _own(given.get("href", "")) and given["href"].endswith(".mp3"):
            self.add(given["href"], VOICE)

    def add(self, url: str, kind: str) -> Part:
        return self.found.setdefault(url, Part(url, kind))


def parts_of(html: str) -> list[Part]:
    """The files of a page from our own host, each once, in the order in which they stand there."""
    reader = _Reader()
    reader.feed(html)
    return list(reader.found.values())


def _own(url: str) -> bool:
    return url.startswith("/") and not url.startswith("//")


def _addresses(srcset: str) -> list[str]:
    """'/a.webp 360w, /b.webp 720w' → ['/a.webp', '/b.webp']."""
    return [part.split()[0] for part in srcset.split(",") if part.strip()]
