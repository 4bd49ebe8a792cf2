"""espeak-ng's voice: clear, small, one format, the same loudness, and silent where there is no voice."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest
import soundfile

from learning.voice import mp3, speech
from learning.voice.espeak import BREATH, Espeak

VOICE = Espeak()
STEP = "Bác mở ứng dụng VNeID trên máy mình. Bác chạm ô «Kích hoạt tài khoản» ở giữa màn hình."


def heard(data: bytes) -> "numpy.ndarray":
    """The samples of an MP3, -1 to 1, at its own rate."""
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate == mp3.RATE
    assert samples.ndim == 1
    return samples


def loudness(samples: "numpy.ndarray") -> float:
    """Root mean square of what is not silence."""
    blocks = samples[: len(samples) // 1000 * 1000].reshape(-1, 1000)
    power = numpy.sqrt((blocks**2).mean(axis=1))
    return float(numpy.sqrt((power[power > 0.003] ** 2).mean()))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (STEP, "vi"), ("Open VNeID and tap the box.", "en"), ("唔好讀畀任何人聽。", "yue"), ("请您慢慢来。", "cmn"),
        ("Bác mở máy lên.", "vi-south"), ("Bác mở máy lên.", "vi-central"), ("ngài hè hak-ka-ngìn", "hak"),
    ],
)  # fmt: skip
def test_it_speaks_the_tongues_it_has(text: str, language: str) -> None:
    sound = VOICE.speak(text, language)
    assert mp3.seconds_of(sound.mp3) == pytest.approx(sound.seconds, abs=0.15)
    assert 0.5 < sound.seconds < 15
    assert 0.05 < loudness(heard(sound.mp3)) < 0.2


def test_it_is_slow_and_pauses_between_two_sentences() -> None:
    first, second = "Bác mở máy lên.", "Bác chạm vào ô xanh."
    both = VOICE.speak(f"{first} {second}", "vi").seconds
    alone = VOICE.speak(first, "vi").seconds + VOICE.speak(second, "vi").seconds
    assert both == pytest.approx(alone + BREATH - 0.24, abs=0.1)
    syllables = len(STEP.split()) + 3
    assert 1.8 < syllables / VOICE.speak(STEP, "vi").seconds < 2.8  # a second; news readers say five


def test_the_longest_step_stays_small_in_the_one_format() -> None:
    longest = "Bác chạm vào ô màu xanh ở giữa màn hình rồi chờ một chút. " * 4
    sound = VOICE.speak(longest, "vi")
    assert 40_000 < len(sound.mp3) <= speech.MAX_BYTES
    assert len(sound.mp3) == pytest.approx(sound.seconds * 3000, rel=0.02)  # 24 kbit/s


def test_a_text_that_is_too_long_is_refused_for_good() -> None:
    with pytest.raises(speech.NoVoice, match="too long"):
        VOICE.speak("Bác chạm vào ô màu xanh ở giữa màn hình. " * 12, "vi")


def test_all_texts_are_equally_loud() -> None:
    levels = [loudness(heard(VOICE.speak(text, "vi").mp3)) for text in ("Bác.", STEP, "Ừ, được rồi ạ.")]
    assert max(levels) / min(levels) < 1.3


def test_many_threads_may_ask_at_once() -> None:
    texts = [f"Bước {number}. Bác chạm vào ô." for number in range(6)]
    alone = [VOICE.speak(text, "vi").seconds for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: VOICE.speak(text, "vi").seconds, texts))
    assert together == pytest.approx(alone, abs=0.1)


@pytest.mark.parametrize(("text", "language"), [("x", "xx"), ("•••", "vi"), ("Bác", "km")])
def test_what_it_cannot_say_is_refused_for_good(text: str, language: str) -> None:
    with pytest.raises(speech.NoVoice):
        VOICE.speak(text, language)


def test_a_missing_library_is_no_crash_and_may_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object) -> None:
        raise OSError("cannot open shared object file")

    monkeypatch.setattr(Espeak, "_library", None)
    monkeypatch.setattr("ctypes.CDLL", gone)
    with pytest.raises(speech.VoiceUnavailable) as caught:
        Espeak().speak("Bác", "vi")
    assert not isinstance(caught.value, speech.NoVoice)


def test_joined_voices_play_one_after_the_other() -> None:
    parts = [VOICE.speak("Bác mở máy lên.", "vi").mp3, mp3.encode(mp3.pause(1)), VOICE.speak(STEP, "vi").mp3]
    whole = mp3.joined(parts)
    assert len(heard(whole)) == sum(len(heard(part)) for part in parts)
    assert mp3.seconds_of(whole) == pytest.approx(sum(mp3.seconds_of(part) for part in parts))


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (16_000, 1), (22_050, 1)])
def test_a_recording_of_another_kind_is_brought_into_the_format(rate: int, channels: int) -> None:
    tone = 0.2 * numpy.sin(numpy.arange(rate * 2) * 2 * numpy.pi * 440 / rate)
    file = io.BytesIO()
    soundfile.write(file, numpy.repeat(tone[:, None], channels, axis=1), rate, format="WAV")
    with pytest.raises(mp3.NotOurs):
        mp3.frames(file.getvalue())
    data = mp3.retuned(file.getvalue())
    samples = heard(data)
    assert mp3.seconds_of(data) == pytest.approx(2, abs=0.15)
    loudest = numpy.abs(numpy.fft.rfft(samples[5000:27050])).argmax()  # one second: hertz
    assert loudest == pytest.approx(440, abs=2)


def test_what_is_no_sound_is_refused() -> None:
    for data in (b"", b"\xff\xf3", b"not a sound" * 50):
        with pytest.raises(mp3.NotOurs):
            mp3.retuned(data)
        with pytest.raises(mp3.NotOurs):
            mp3.joined([data])
