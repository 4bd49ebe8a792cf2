"""A person's browser without a screen, for benches: pages, forms with their tokens, the API; loopback only."""

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.browser.site import PASSWORD, Site, open_site

Found = TypeVar("Found")
LOGIN = "/_allauth/app/v1/auth/login"


class Form:
    """One form of a page: where it goes and what it would send if nobody changed anything."""

    def __init__(self, action: str, method: str, name: str) -> None:
        self.action, self.method, self.id = action, method, name
        self.fields: dict[str, list[str]] = {}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what a browser would send."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
            self.found.append(self._open)
        elif self._open is None:
            return
        elif tag == "input" and name and given.get("type") not in {"submit", "button", "file"}:
            if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                self._open.fields.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._open.fields.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "textarea" and name:
            self._open.fields.setdefault(name, [""])

    def handle_endtag(self, tag: str) -> None:
        """Leave the form or the list."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""


def forms(page: str) -> list[Form]:
    """Every form of a page, in its order."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


def form_with(page: str, part: str) -> Form | None:
    """The posting form whose id or a field is `part`, or whose address holds it; None when there is none."""
    posting = (form for form in forms(page) if form.method == "post")
    return next((form for form in posting if part == form.id or part in form.fields or part in form.action), None)


class Visitor:
    """Somebody at the site: with a cookie jar of their own, and with `token` as a program."""

    def __init__(self, site: Site, token: str = "") -> None:
        headers = {"X-Session-Token": token} if token else {}
        # trust_env off: neither a proxy nor a .netrc of the machine has a say in what goes to the loopback
        self.http = httpx.Client(base_url=site.url, headers=headers, timeout=60, follow_redirects=True, trust_env=False)

    def page(self, address: str) -> str:
        """The text of a page; AssertionError unless it is 200."""
        answer = self.http.get(address)
        assert answer.status_code == 200, f"GET {address}: {answer.status_code} {answer.text[:300]}"
        return answer.text

    def send(
        self, at: str, form: Form | None, *, file: tuple[str, bytes, str] | None = None, **values: str
    ) -> httpx.Response:
        """Fill in a form that was found on the page `at` and send it; the page that it leads to."""
        assert form is not None, f"{at}: the form is not there"
        assert "csrfmiddlewaretoken" in form.fields, f"{at}: a form without its token"
        address = str(httpx.URL(at).join(form.action)) if form.action else at
        data = form.fields | {name: [value] for name, value in values.items()}
        files = {"file": file} if file is not None else None
        answer = self.http.post(address, data=data, files=files, headers={"Referer": str(self.http.base_url.join(at))})
        assert answer.status_code == 200, f"POST {address}: {answer.status_code} {answer.text[:300]}"
        return answer

    def api(self, method: str, address: str, *, expect: int = 200, body: Any = None) -> dict[str, Any]:
        """A call of the API; AssertionError with the answer's words unless it is `expect`."""
        answer = self.http.request(method, f"/api/v1/{address}", json=body)
        assert answer.status_code == expect, f"{method} {address}: {answer.status_code} {answer.text[:500]}"
        found: dict[str, Any] = answer.json()
        return found


def sign_in(site: Site, name: str) -> Visitor:
    """A person of the demo at the sign-in page, as a browser does it."""
    person = Visitor(site)
    at = "/accounts/login/"
    form = form_with(person.page(at), "login")
    answer = person.send(at, form, login=f"{name}@gocua.example", password=PASSWORD)
    assert "/accounts/login" not in str(answer.url), f"{name} was not let in"
    return person


def program_of(site: Site, name: str) -> Visitor:
    """The same person's program: the headless sign-in of the app client (contract §4)."""
    answer = Visitor(site).http.post(LOGIN, json={"email": f"{name}@gocua.example", "password": PASSWORD})
    assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text[:300]}"
    return Visitor(site, token=answer.json()["meta"]["session_token"])


def wait_for(look: Callable[[], Found | None], what: str, *, seconds: float = 120, every: float = 0.2) -> Found:
    """Look again until there is something to return; AssertionError after `seconds` (no measure, only an end)."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found is not None:
            return found
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(every)


def big_numbers(page: str) -> list[int]:
    """The figures in large type, in their order (thousands are parted by dots)."""
    return [int(text.replace(".", "")) for text in re.findall(r'class="big-number">\s*([\d.]+)\s*<', page)]


@contextmanager
def served(**environment: str) -> Iterator[Site]:
    """A demo installation of its own, served until the end of the block, then gone."""
    with tempfile.TemporaryDirectory(prefix="gocua-bench-") as folder:
        site = open_site(Path(folder) / "data", **environment)
        try:
            yield site
        finally:
            site.stop()
