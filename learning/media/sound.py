"""Recordings made small: whatever people record becomes mono MP3 of at most 80 kB, without tags.

Pure: bytes in, bytes out. libsndfile (from soundfile's wheel) reads, LAME writes.
"""

import io
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 80_000  # one step's voice on a weak network: 20 seconds at 32 kbit/s
MAX_SECONDS = 39  # at the lowest rate
RATES = (32, 24, 16)  # kbit/s: the best that keeps below MAX_BYTES
READABLE = ("WAV", "WAVEX", "OGG", "FLAC", "MP3", "AIFF", "AU", "CAF", "W64", "RF64")
BLOCK = 65_536  # frames at a time: a long recording is refused before it fills the memory
LOUD = 0.9  # of full scale: a whispered recording is lifted to it
QUIET = 0.004  # below this there is nothing to hear


class NotASound(Exception):
    """The bytes are no recording that we take. `reason`: 'kind', 'm4a', 'broken', 'long' or 'silent'."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Recording:
    """A recording ready for a lesson: MP3 bytes and its length in seconds."""

    mp3: bytes
    seconds: float


def small_mp3(data: bytes) -> Recording:
    """The recording as mono MP3 of at most MAX_BYTES. Raises NotASound."""
    import soundfile  # brings numpy: only the process that takes an upload pays for it

    if _is_m4a(data):
        raise NotASound("m4a")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as source:
            if source.format not in READABLE:
                raise NotASound("kind", source.format)
            rate = int(source.samplerate)
            samples = _mixed(source, rate)
    except (soundfile.SoundFileError, ValueError, OSError) as error:
        raise NotASound("kind") from error
    if len(samples) < rate // 10:
        raise NotASound("broken")
    pcm = _lifted(samples)
    return Recording(encode(pcm, rate), len(pcm) / 2 / rate)


def encode(pcm: bytes, rate: int) -> bytes:
    """16-bit mono samples as MP3, at the best rate that stays under MAX_BYTES. NotASound('long') if none does."""
    import lameenc  # a machine without the package's wheel still serves lessons

    for kilobits in RATES:
        encoder = lameenc.Encoder()
        encoder.set_bit_rate(kilobits)
        encoder.set_in_sample_rate(rate)
        encoder.set_channels(1)
        encoder.set_quality(3)
        encoder.silence()
        data = bytes(encoder.encode(pcm)) + bytes(encoder.flush())
        if len(data) <= MAX_BYTES:
            return data
    raise NotASound("long", str(round(len(pcm) / 2 / rate)))


def _is_m4a(data: bytes) -> bool:
    """AAC and its containers, AMR, WebM: what phones' own recorders write and libsndfile does not read."""
    adts = len(data) > 1 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0
    return data[4:8] == b"ftyp" or data[:5] == b"#!AMR" or data[:4] == b"\x1a\x45\xdf\xa3" or adts


def _mixed(source: Any, rate: int) -> Any:
    """One channel of samples, -1 to 1. NotASound('long') beyond MAX_SECONDS: nobody unpacks a whole concert."""
    import numpy

    blocks, length = [numpy.zeros(0, dtype="float32")], 0
    while len(block := source.read(BLOCK, dtype="float32", always_2d=True)):
        length += len(block)
        if length > rate * MAX_SECONDS:
            raise NotASound("long")
        blocks.append(numpy.nan_to_num(block).mean(axis=1))
    return numpy.concatenate(blocks)


def _lifted(samples: Any) -> bytes:
    """The samples in 16 bits at a good loudness. NotASound('silent') if there is nothing to hear."""
    peak = float(abs(samples).max())
    if peak < QUIET:
        raise NotASound("silent")
    return bytes((samples * (LOUD / peak) * 32_767).astype("<i2").tobytes())
