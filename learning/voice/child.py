"""A process of its own that speaks: `python -m learning.voice.child PROVIDER`, one text a line in, one sound out.

LAME holds Python's lock for as long as it works (measured: pages waited 70 ms and more), and this work is never urgent:
the process is the most patient one of the machine. Knows no Django.
"""

import contextlib
import json
import os
import sys
from typing import BinaryIO

from learning.voice.speech import NoVoice, Provider, VoiceUnavailable, provider


def main(path: str, source: BinaryIO, target: BinaryIO) -> None:
    """Answer each line {"text", "language"} with a line {"size", "seconds"} and the bytes, or {"error", "final"}."""
    voice = provider(path)
    for line in source:
        job = json.loads(line)
        head, body = answer(voice, job["text"], job["language"])
        target.write(json.dumps(head).encode() + b"\n" + body)
        target.flush()


def answer(voice: Provider, text: str, language: str) -> tuple[dict[str, object], bytes]:
    """Head and bytes of one answer. A provider's fault is an answer too: the next text may be none."""
    try:
        sound = voice.speak(text, language)
    except VoiceUnavailable as error:
        return {"error": str(error), "final": isinstance(error, NoVoice)}, b""
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}", "final": False}, b""
    return {"size": len(sound.mp3), "seconds": sound.seconds}, sound.mp3


def be_patient() -> None:
    """The lowest priority that the system knows: nice 19, and only time that nobody else wants."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(19)
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


if __name__ == "__main__":
    be_patient()
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
