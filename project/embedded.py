"""asgi.py plus the queue's consumer in its lifespan: one process serves pages, sockets and tasks (house.md D18).

With REDIS_URL the workers are processes of their own, and the lifespan starts nothing.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from project.asgi import application as site  # first: it sets Django up

from django.conf import settings  # isort: skip
from django.utils.module_loading import autodiscover_modules  # isort: skip
from huey.consumer import Consumer  # isort: skip
from huey.consumer_options import ConsumerConfig  # isort: skip
from huey.contrib.djhuey import HUEY  # isort: skip

log = logging.getLogger(__name__)

GRACE = 8.0  # seconds that running tasks get at the end; what they leave, the sweep of the next start finds
HEALTH = 10.0  # seconds between looks at the worker threads

Message = dict[str, Any]


class QuietConsumer(Consumer):
    """huey's consumer as threads of the web process: signals belong to uvicorn, else Ctrl-C would not stop it."""

    def _set_signal_handlers(self) -> None:
        """Leave SIGINT and SIGTERM alone (tried: huey's handlers take them away from the server)."""


def make_consumer() -> QuietConsumer:
    """The consumer with the options of the settings and every task of every app; not started."""
    autodiscover_modules("tasks")
    options = {**settings.HUEY.get("consumer", {}), "shutdown_timeout": GRACE}
    config = ConsumerConfig(**options)
    config.validate()
    return QuietConsumer(HUEY, **config.values)


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The ASGI application of the embedded installation."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await site(scope, receive, send)


async def _lifespan(receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    consumer: QuietConsumer | None = None
    nurse: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                if not settings.REDIS_URL:
                    consumer = make_consumer()
                    consumer.start()
                    nurse = asyncio.create_task(_nurse(consumer))
            except Exception as error:
                log.exception("the queue's consumer did not start")
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if nurse is not None:
                nurse.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await nurse
            if consumer is not None:
                begun = time.monotonic()
                # In a thread: joining here would hold the loop, and with it a task that tells a socket.
                await asyncio.to_thread(consumer.stop, graceful=True)
                consumer.huey.notify_interrupted_tasks()
                log.info("the queue's consumer stopped after %.1f s", time.monotonic() - begun)
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _nurse(consumer: QuietConsumer) -> None:
    """What `Consumer.run()` does in its loop: a worker thread that died is replaced."""
    while True:
        await asyncio.sleep(HEALTH)
        consumer.check_worker_health()
