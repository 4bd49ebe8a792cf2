"""What a signed-in device is called."""

import pytest

from project.accounts.devices import device_name


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-A145F) Chrome/120.0 Mobile Safari/537.36", "Android (SM-A145F), Chrome"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0 Mobile Safari/537.36", "Android, Chrome"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Mobile/15E Safari/604", "iPhone, Safari"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Windows, Edge"),
        ("python-requests/2.32", ""),
    ],
)  # fmt: skip
def test_a_device_is_called_as_people_call_it(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
