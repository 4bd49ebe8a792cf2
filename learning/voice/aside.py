"""Speaking without anybody waiting: texts go to a patient process of their own (voice/child.py), sounds come back."""

import json
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from typing import IO

from django.conf import settings

from learning.voice.speech import NoVoice, Sound, VoiceUnavailable

PATIENCE = 60.0  # seconds for one text; a step takes a tenth of a second when the machine is idle

Job = tuple[str, str]  # (language, text)


def speak_aside(jobs: Iterable[Job]) -> Iterator[tuple[Job, Sound | VoiceUnavailable]]:
    """Each (language, text) with its sound, or why there is none, in order, as they become ready; stop when you like.

    A process that dies or hangs costs the text it was at; the texts behind it are refused too and may be asked again.
    """
    queue = list(jobs)
    if not queue:
        return
    with tempfile.TemporaryFile() as told:
        child = _Child(told)
        try:
            for job in queue:
                yield job, child.speak(*job)
        finally:
            child.end()


class _Child:
    """The process, and the conversation with it."""

    def __init__(self, told: IO[bytes]) -> None:
        self.told = told
        self.fault = ""
        command = [sys.executable, "-m", "learning.voice.child", settings.VOICE_PROVIDER]
        self.process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, bufsize=0
        )

    def speak(self, language: str, text: str) -> Sound | VoiceUnavailable:
        """One text. A process that does not answer in time is ended; after that every text is refused."""
        if self.fault:
            return VoiceUnavailable(self.fault)
        until = time.monotonic() + PATIENCE
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps({"language": language, "text": text}).encode() + b"\n")
            line = b""
            while not line.endswith(b"\n"):
                line += self._bytes(1, until)
            head = json.loads(line)
            if "error" in head:
                return (NoVoice if head["final"] else VoiceUnavailable)(head["error"])
            return Sound(self._bytes(head["size"], until), head["seconds"])
        except (OSError, ValueError, KeyError) as error:
            self.process.kill()
            self.process.wait()
            self.told.seek(0)
            lines = self.told.read().decode(errors="replace").strip().splitlines()
            self.fault = f"the voice's process ended: {lines[-1] if lines else error}"
            return VoiceUnavailable(self.fault)

    def _bytes(self, count: int, until: float) -> bytes:
        """Exactly so many bytes of what the process writes. OSError if it ends or takes too long."""
        assert self.process.stdout is not None
        found = bytearray()
        while len(found) < count:
            ready, _out, _odd = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError("no answer in time")
            part = self.process.stdout.read(count - len(found))
            if not part:
                raise ConnectionError("no answer")
            found += part
        return bytes(found)

    def end(self) -> None:
        """The process ends by itself once nobody writes to it."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
