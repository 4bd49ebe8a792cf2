"""What became stale, told to every open board: `tell` from anywhere; one hub a process fans out to its sockets.

A message is only a hint to look again (house.md D12, D18): layers may drop it, nobody reads figures from it.
The one file of the ground floor that knows channels.
"""

import asyncio
import atexit
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)

GROUP = "live"
STALE = "stale"
REMEMBER = 10.0  # seconds for which a late watcher is told what it just missed (a page takes that long to connect)
_KEEP_ALIVE = 600.0  # the in-memory layer forgets members after a day
_AT_MOST = 500  # topics in one message: far below the size at which a layer refuses

_lock = threading.Lock()
_waiting: set[str] = set()  # told, not yet sent: a burst of thousands becomes one message
_due_on: "asyncio.AbstractEventLoop | None" = None  # where a send is scheduled already
_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()
_at_work: "list[Hub]" = []  # hubs of this process that have sockets
_speaker: "asyncio.AbstractEventLoop | None" = None  # the loop of a process without sockets (a worker, a command)


def tell(topics: Iterable[str]) -> None:
    """Say that these topics have news: area codes (75, 25396, 25396-h7), `import:<uuid>`, `plan:<uuid>`.

    From any thread of any process. Inside a transaction it waits for the commit, after a rollback it says
    nothing. Returns at once and never raises: a board that missed a hint is a few seconds late, a verb that
    failed because of a board would be a fault.
    """
    try:
        wanted = frozenset(str(topic) for topic in topics)
        if not wanted:
            return
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            transaction.on_commit(lambda: _pass_on(wanted))
        else:
            _pass_on(wanted)  # in a coroutine no transaction can be open
    except Exception:
        log.exception("could not tell the live boards")


def _pass_on(topics: frozenset[str]) -> None:
    global _due_on
    try:
        loop = _loop()
        if loop is None:
            return
        with _lock:
            _waiting.update(topics)
            is_first, _due_on = _due_on is not loop, loop
        if is_first:
            # The in-memory layer is not thread-safe: only the loop of its sockets may touch it (stack.md §4).
            loop.call_soon_threadsafe(_begin)
    except Exception:
        _due_on = None
        log.exception("could not tell the live boards")


def _begin() -> None:
    task = asyncio.get_running_loop().create_task(_send(), name="live-send")
    _sending.add(task)
    task.add_done_callback(_sending.discard)


async def _send() -> None:
    global _due_on
    with _lock:
        topics = sorted(_waiting)
        _waiting.clear()
        _due_on = None
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        for start in range(0, len(topics), _AT_MOST):
            await layer.group_send(GROUP, {"type": STALE, "topics": topics[start : start + _AT_MOST]})
    except Exception:
        log.exception("the channel layer did not take a message")


def _loop() -> asyncio.AbstractEventLoop | None:
    """Where the layer may be touched: the loop of our sockets, else an own one. None: nobody can hear."""
    global _speaker
    with _lock:
        for hub in _at_work:
            if not hub.loop.is_closed():
                return hub.loop
        if get_channel_layer() is None or isinstance(get_channel_layer(), InMemoryChannelLayer):
            return None  # that layer does not leave the process, and here are no sockets
        if _speaker is None or _speaker.is_closed():
            _speaker = asyncio.new_event_loop()
            threading.Thread(target=_speaker.run_forever, name="live-speaker", daemon=True).start()
        return _speaker


_sending: set[asyncio.Task[None]] = set()  # a loop keeps only weak references to its tasks


@atexit.register
def _drain() -> None:
    """A command that ends right after its verb must not swallow the hint: wait for it, a second at most."""
    if _speaker is None:
        return
    for _step in range(100):
        if not _waiting and not _sending:
            return
        time.sleep(0.01)


class Listener:
    """One socket, as the hub sees it: what it watches and what of that went stale.

    The queue of a socket is a set of its own watched topics: it cannot grow beyond them, so a slow client
    costs the hub nothing, and a full queue reads «everything you watch».
    """

    def __init__(self) -> None:
        self.heard: dict[str, str] = {}  # a topic that may be told → the watched topic it makes stale
        self.stale: set[str] = set()
        self.is_closing = False
        self.wake = asyncio.Event()

    def mark(self, topic: str) -> None:
        """Note that `topic` was told; wakes the writer."""
        if (shown := self.heard.get(topic)) is not None:
            self.stale.add(shown)
            self.wake.set()

    def take(self) -> list[str]:
        """Everything stale since the last time."""
        topics = sorted(self.stale)
        self.stale.clear()
        self.wake.clear()
        return topics


class Hub:
    """The one member of the layer in this process; hands each message to the sockets that watch."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.listeners: set[Listener] = set()
        self.by_topic: dict[str, set[Listener]] = defaultdict(set)
        self.told_at: dict[str, float] = {}
        self.reader: asyncio.Task[None] | None = None
        self.is_listening = asyncio.Event()

    async def join(self, listener: Listener) -> None:
        """Take a socket in; returns once the process hears the layer."""
        self.listeners.add(listener)
        if self.reader is None or self.reader.done():
            self.is_listening.clear()
            self.reader = self.loop.create_task(self._read(), name="live-hub")
            with _lock:
                if self not in _at_work:
                    _at_work.append(self)
        try:
            await asyncio.wait_for(self.is_listening.wait(), timeout=5)
        except TimeoutError:
            log.warning("the channel layer does not answer; boards stay open and are late")

    async def leave(self, listener: Listener) -> None:
        """Let a socket go; the last one closes the door."""
        self.watch(listener, {})
        self.listeners.discard(listener)
        if not self.listeners and self.reader is not None:
            with _lock:
                if self in _at_work:
                    _at_work.remove(self)
            reader, self.reader = self.reader, None
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    def watch(self, listener: Listener, heard: Mapping[str, str]) -> None:
        """From now on the socket hears exactly these topics, and at once those told in the last seconds."""
        for topic in listener.heard:
            self.by_topic[topic].discard(listener)
            if not self.by_topic[topic]:
                del self.by_topic[topic]
        new = {topic: shown for topic, shown in heard.items() if topic not in listener.heard}
        listener.heard = dict(heard)
        listener.stale &= set(listener.heard.values())
        for topic in listener.heard:
            self.by_topic[topic].add(listener)
        since = self.loop.time() - REMEMBER
        for topic in new:
            if self.told_at.get(topic, float("-inf")) >= since:
                listener.mark(topic)

    def hand_out(self, topics: Iterable[str]) -> None:
        """Mark every socket that hears one of the topics. Never waits for a socket."""
        moment = self.loop.time()
        for topic in topics:
            self.told_at[topic] = moment
            for listener in tuple(self.by_topic.get(topic, ())):
                listener.mark(topic)
        if len(self.told_at) > 5_000:
            self.told_at = {topic: at for topic, at in self.told_at.items() if at >= moment - REMEMBER}

    async def _read(self) -> None:
        while True:
            try:
                await self._follow(get_channel_layer())
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("the channel layer failed; listening again in a second")
                await asyncio.sleep(1)
                self.hand_out(list(self.by_topic))  # what was told meanwhile is lost: everybody looks again

    async def _follow(self, layer: Any) -> None:
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        stay = self.loop.create_task(self._stay(layer, channel))
        self.is_listening.set()
        try:
            while True:
                message = await layer.receive(channel)
                if message.get("type") == STALE:
                    self.hand_out(message.get("topics", ()))
        finally:
            stay.cancel()
            await layer.group_discard(GROUP, channel)

    async def _stay(self, layer: Any, channel: str) -> None:
        while True:
            await asyncio.sleep(_KEEP_ALIVE)
            await layer.group_add(GROUP, channel)


def hub() -> Hub:
    """The hub of the running loop: one a process, since a process serves its sockets on one loop."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(loop)
    if found is None:
        found = _hubs[loop] = Hub(loop)
    return found
