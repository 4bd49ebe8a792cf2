"""The web app manifest: installable, in Vietnamese, with pictures that are there."""

import json

from django.contrib.staticfiles import finders
from django.test import Client


def test_the_manifest_has_pictures_for_every_launcher() -> None:
    response = Client().get("/manifest.webmanifest")
    assert response["Content-Type"].startswith("application/manifest+json")
    manifest = json.loads(response.content)
    assert manifest["name"]
    assert manifest["start_url"] == "/"
    assert manifest["display"] in {"standalone", "minimal-ui"}
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    assert any("maskable" in icon.get("purpose", "") for icon in manifest["icons"])
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon["src"]
