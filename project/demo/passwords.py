"""The one password of all demo users: from the environment, else random and kept in the data folder."""

import os
import secrets
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from project.accounts.models import User
from project.settings.env import env_text

DOMAIN = "@gocua.example"  # RFC 2606: no mail ever reaches it
MARK = f"province{DOMAIN}"  # who is made with the demo and by nothing else


def demo_password() -> str:
    """DEMO_PASSWORD, else the text in DATA_DIR/demo_password, made once and readable by its owner only."""
    given = env_text("DEMO_PASSWORD")
    if given:
        return given
    path = Path(settings.DATA_DIR) / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Born with its mode: never readable by others, not even for a moment.
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(9) + "\n")
    return path.read_text(encoding="utf-8").strip()


def password_hash() -> str:
    """The password, hashed once: every demo user carries the same text (a slow hash each would cost minutes)."""
    return make_password(demo_password())


def renew_passwords() -> int:
    """Follow a changed DEMO_PASSWORD; who chose an own password keeps it. Returns how many accounts changed."""
    users = User.objects.filter(email__endswith=DOMAIN)
    common = Counter(users.values_list("password", flat=True)).most_common(1)
    if not common or check_password(demo_password(), common[0][0]):
        return 0
    return users.filter(password=common[0][0]).update(password=password_hash())
