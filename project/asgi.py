"""One ASGI application: pages go to the WSGI application through a2wsgi, sockets stand beside it (house.md D18)."""

import os

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.embedded")

from project.wsgi import application as pages  # isort: skip  # sets Django up: models can be imported from here on
from learning.serving.front import KeptPages
from volunteers.routing import websocket_urlpatterns

# 8 threads: a page is a few milliseconds, and a field batch may wait for SQLite's write lock.
application = ProtocolTypeRouter(
    {
        "http": KeptPages(WSGIMiddleware(pages, workers=8)),  # type: ignore[arg-type]
        "websocket": URLRouter(websocket_urlpatterns),
    }
)
