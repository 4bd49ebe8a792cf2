"""The one sound format of all voices, so that files can be joined: mono MP3, 22 050 Hz, 24 kbit/s, no tags. Pure.

24 and not 32 kbit/s: a machine's voice loses nothing that one hears, and a whole lesson stays under 2 MB.
"""

import io
from collections.abc import Iterable
from typing import Any

RATE = 22_050  # samples a second
KILOBITS = 24
LOUDNESS = 0.125  # root mean square of what is spoken, of full scale (-18 dB): as loud as phones' own sounds
PEAK = 0.97
_SILENT = 0.003  # parts below it are pauses and do not count for the loudness
_FRAME = 576  # samples of an MPEG-2 layer III frame


class NotOurs(Exception):
    """The bytes are no sound that can be read."""


def encode(pcm: bytes) -> bytes:
    """16-bit mono samples at RATE as MP3. ImportError on a machine without LAME's wheel."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(KILOBITS)
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(2)
    encoder.silence()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())


def levelled(pcm: bytes) -> bytes:
    """The samples at the common loudness; nothing is cut off."""
    import numpy

    samples = numpy.frombuffer(pcm, dtype="<i2").astype("float32") / 32_768
    return _levelled(samples)


def _levelled(samples: Any) -> bytes:
    import numpy

    block = RATE // 20
    parts = samples[: len(samples) // block * block].reshape(-1, block)
    power = numpy.sqrt((parts**2).mean(axis=1)) if len(parts) else numpy.zeros(0)
    loud = power[power > _SILENT]
    if len(loud):
        samples = samples * min(LOUDNESS / float(numpy.sqrt((loud**2).mean())), PEAK / float(numpy.abs(samples).max()))
    return bytes((samples * 32_767).astype("<i2").tobytes())


def pause(seconds: float) -> bytes:
    """So much silence, as samples."""
    return bytes(2 * round(seconds * RATE))


def frames(mp3: bytes) -> list[bytes]:
    """The frames of a sound of our format, in order. NotOurs for any other format, and for a tag before the sound."""
    found = []
    at = 0
    while at + 4 <= len(mp3):
        head = mp3[at : at + 4]
        # 0xFFF3: MPEG-2, layer III, no checksum; 0x3: 24 kbit/s; 0x0: 22 050 Hz; 0xC0: one channel
        if head[0] != 0xFF or head[1] != 0xF3 or head[2] & 0xFC != 0x30 or head[3] & 0xC0 != 0xC0:
            raise NotOurs(f"another format at byte {at}: {head.hex()}")
        size = 72 * KILOBITS * 1000 // RATE + (head[2] >> 1 & 1)
        found.append(mp3[at : at + size])
        at += size
    if not found or len(found[-1]) < 72 * KILOBITS * 1000 // RATE:
        found = found[:-1]
    if not found:
        raise NotOurs("no frame")
    return found


def seconds_of(mp3: bytes) -> float:
    """How long a sound of our format plays. NotOurs."""
    return len(frames(mp3)) * _FRAME / RATE


def retuned(sound: bytes) -> bytes:
    """Any recording that libsndfile reads, in our format and loudness. NotOurs if it cannot be read."""
    import numpy
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(sound), dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, ValueError, OSError) as error:
        raise NotOurs(str(error)) from error
    mono = numpy.nan_to_num(samples).mean(axis=1)
    if not len(mono):
        raise NotOurs("empty")
    if rate != RATE:
        if rate > RATE:  # a plain mean over the width of one new sample keeps what is too high from folding down
            width = max(1, round(rate / RATE))
            mono = numpy.convolve(mono, numpy.ones(width) / width, mode="same")
        places = numpy.arange(int(len(mono) * RATE / rate)) * (rate / RATE)
        mono = numpy.interp(places, numpy.arange(len(mono)), mono).astype("float32")
    return encode(_levelled(mono))


def joined(parts: Iterable[bytes]) -> bytes:
    """Sounds of our format behind each other: each was encoded alone, so no frame leans on one of another sound.

    NotOurs if one of them has another format (`retuned` mends it).
    """
    return b"".join(frame for part in parts for frame in frames(part))
