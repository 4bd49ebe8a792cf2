"""Voices: spoken by the queue after publication, small, kept by their words; a mute machine harms nobody."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from learning import speech, tasks
from learning.voice.models import MAX_TRIES, MachineVoice, spoken, voice_key
from tests.learning.conftest import LESSON, Tree


class Mute:
    """A machine without the library."""

    def speak(self, text: str, language: str) -> speech.Sound:
        raise speech.VoiceUnavailable("no library")


class Tone:
    """A quick stand-in for a voice."""

    def speak(self, text: str, language: str) -> speech.Sound:
        return speech.Sound(b"\xff\xf3" + text.encode()[:40], 2.0)


def is_mp3(data: bytes) -> bool:
    """An MPEG frame's sync word stands first: eleven bits set, layer III."""
    return data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and (data[1] >> 1) & 0b11 == 0b01


@pytest.mark.parametrize(
    ("text", "language"),
    [("Bác mở VNeID. Bác chạm ô «Kích hoạt».", "vi"), ("Open VNeID and tap the box.", "en")],
)
def test_the_machine_speaks_small_mp3(text: str, language: str) -> None:
    sound = speech.PROVIDER.speak(text, language)
    assert is_mp3(sound.mp3)
    assert 2_000 < len(sound.mp3) <= speech.MAX_BYTES
    assert 1 < sound.seconds < 15


def test_the_longest_step_stays_small() -> None:
    sound = speech.PROVIDER.speak("Bác chạm vào ô màu xanh ở giữa màn hình rồi chờ một chút. " * 4, "vi")
    assert len(sound.mp3) <= speech.MAX_BYTES


def test_many_threads_may_ask_at_once() -> None:
    texts = [f"Bước {number}. Bác chạm vào ô." for number in range(6)]
    alone = [speech.PROVIDER.speak(text, "vi").seconds for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: speech.PROVIDER.speak(text, "vi").seconds, texts))
    assert together == pytest.approx(alone, abs=0.2)


def test_a_language_without_a_voice_is_refused() -> None:
    with pytest.raises(speech.VoiceUnavailable):
        speech.PROVIDER.speak("x", "xx")


def test_a_missing_library_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object) -> None:
        raise OSError("cannot open shared object file")

    monkeypatch.setattr(speech.Espeak, "_library", None)
    monkeypatch.setattr("ctypes.CDLL", gone)
    with pytest.raises(speech.VoiceUnavailable):
        speech.Espeak().speak("Bác", "vi")


def test_phone_words_are_said_as_people_say_them() -> None:
    assert "vi nê i đê" in speech.as_said("Bác mở VNeID.", "vi")
    assert spoken("Bác chạm ô «Kích hoạt».") == "Bác chạm ô Kích hoạt ."


def test_a_published_lesson_gets_its_voices(tree: Tree, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "PROVIDER", Tone())
    assert "aria-disabled" in client.get(LESSON + "?buoc=1").content.decode()
    tasks.prepare_lesson.call_local(tree.vi.pk)
    step = tree.vi.step(1)
    assert step.voice_url.startswith("/media/voices/")
    assert step.is_machine_voice
    html = client.get(LESSON + "?buoc=1").content.decode()
    assert f'href="{step.voice_url}" data-voice' in html
    assert "autoplay" not in html
    assert default_storage.exists(f"voices/{voice_key('vi', step.text)}.mp3")


def test_the_same_words_are_spoken_once(tree: Tree) -> None:
    count = MachineVoice.objects.count()
    tree.vi.save_revision().publish()
    assert MachineVoice.objects.count() == count


def test_the_sweep_speaks_what_was_missed_and_gives_up_in_the_end(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "PROVIDER", Mute())
    voice = MachineVoice.objects.first()
    assert voice is not None
    for _minute in range(MAX_TRIES):
        assert tasks.make_voice(voice) is False
    voice.refresh_from_db()
    assert (voice.state, voice.url) == ("failed", "")
    monkeypatch.setattr(speech, "PROVIDER", Tone())
    tasks.sweep_voices.call_local()
    assert MachineVoice.objects.filter(state="ready").count() == tasks.SWEEP_SIZE


def test_a_lesson_is_read_without_any_voice(tree: Tree, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "PROVIDER", Mute())
    tasks.prepare_lesson.call_local(tree.vi.pk)
    assert client.get(LESSON + "?buoc=1").status_code == 200


def test_a_lesson_that_is_gone_is_no_error(db: None) -> None:
    tasks.prepare_lesson.call_local(987654)
