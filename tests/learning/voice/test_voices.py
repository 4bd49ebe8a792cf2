"""Voices: spoken by the queue in a process of its own, kept by their words; a mute machine harms nobody."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from learning.lessons import tasks
from learning.serving import stamps
from learning.voice import aside
from learning.voice.actions import forget_voices, retry_broken, speak_rows
from learning.voice.models import MAX_TRIES, MachineVoice, ask_for_voices, voice_key
from learning.voice.speech import NoVoice, Sound, VoiceUnavailable, provider
from project.lib import clock
from tests.learning.conftest import LESSON, Tree

STAND_INS = "tests.learning.voice.stand_ins"


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """The quick voice; a test may choose another."""
    settings.VOICE_PROVIDER = f"{STAND_INS}.Tone"


def row(text: str, language: str = "vi") -> MachineVoice:
    """A row that waits."""
    (key,) = ask_for_voices([(language, text)])
    return MachineVoice.objects.get(key=key)


# The process ------------------------------------------------------------------------------------------------------


def test_the_process_answers_in_order() -> None:
    jobs = [("vi", "Một"), ("xx", "Hai"), ("en", "Three")]
    answers = list(aside.speak_aside(jobs))
    assert [job for job, _answer in answers] == jobs
    assert isinstance(answers[0][1], Sound)
    assert isinstance(answers[1][1], NoVoice)
    assert isinstance(answers[2][1], Sound)


def test_the_shipped_voice_speaks_through_the_process(settings: Any) -> None:
    settings.VOICE_PROVIDER = "learning.voice.espeak.Espeak"
    ((_job, sound),) = aside.speak_aside([("vi", "Bác mở VNeID.")])
    assert isinstance(sound, Sound)
    here = provider(settings.VOICE_PROVIDER).speak("Bác mở VNeID.", "vi")
    assert sound.seconds == pytest.approx(here.seconds, abs=0.1)  # its hiss is chance: no two are the same bytes


def test_a_crash_costs_one_text_and_the_rest_may_be_asked_again(settings: Any) -> None:
    settings.VOICE_PROVIDER = f"{STAND_INS}.Fragile"
    kinds = [type(answer) for _job, answer in aside.speak_aside([("vi", word) for word in ("a", "stumble", "b")])]
    assert kinds == [Sound, VoiceUnavailable, Sound]
    answers = [answer for _job, answer in aside.speak_aside([("vi", word) for word in ("a", "crash", "b")])]
    assert [type(answer) for answer in answers] == [Sound, VoiceUnavailable, VoiceUnavailable]
    assert "ended" in str(answers[1])


def test_a_voice_that_hangs_is_ended(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VOICE_PROVIDER = f"{STAND_INS}.Fragile"
    monkeypatch.setattr(aside, "PATIENCE", 1.5)
    answers = [answer for _job, answer in aside.speak_aside([("vi", "hang"), ("vi", "a")])]
    assert [type(answer) for answer in answers] == [VoiceUnavailable, VoiceUnavailable]


def test_the_process_is_the_most_patient_of_the_machine() -> None:
    code = "from learning.voice.child import be_patient; import os; be_patient(); print(os.nice(0))"
    base = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=base, capture_output=True, text=True, check=True)
    assert int(done.stdout) == 19
    assert os.nice(0) < 19


def test_the_process_needs_no_django() -> None:
    code = "import sys, learning.voice.child, learning.voice.espeak; print([n for n in sys.modules if 'django' in n])"
    base = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=base, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The rows ---------------------------------------------------------------------------------------------------------


def test_a_spoken_row_has_its_file(db: None) -> None:
    one = row("Bác chạm «Tiếp».")
    assert speak_rows([one]) == {one.key}
    one.refresh_from_db()
    assert (one.state, one.file) == ("ready", f"voices/{one.key}.mp3")
    assert default_storage.size(one.file) == one.size > 500
    assert one.url == f"/media/voices/{one.key}.mp3"


def test_a_language_without_a_voice_fails_once_and_stays_so(db: None) -> None:
    one = row("x", "sti")
    assert speak_rows([one]) == set()
    one.refresh_from_db()
    assert (one.state, one.tries, one.url) == ("failed", 0, "")
    assert retry_broken() == 0


def test_a_broken_machine_is_asked_again_and_in_the_end_left_alone(db: None, settings: Any) -> None:
    settings.VOICE_PROVIDER = f"{STAND_INS}.Mute"
    one = row("Bác")
    for tried in range(1, MAX_TRIES + 1):
        assert one.state == "waiting"
        speak_rows([one])
        one.refresh_from_db()
        assert one.tries == tried
    assert one.state == "failed"
    assert retry_broken() == 1  # the next start: perhaps somebody mended it
    one.refresh_from_db()
    assert (one.state, one.tries) == ("waiting", 0)


def test_work_stops_when_its_time_is_over(db: None) -> None:
    rows = [row(f"Bước {number}") for number in range(5)]
    assert len(speak_rows(rows, seconds=0)) == 1
    assert MachineVoice.objects.filter(state="waiting").count() == 4


def test_the_same_words_are_asked_for_once(db: None) -> None:
    first = ask_for_voices([("vi", "Bác  chạm."), ("vi", "Bác chạm."), ("vi", "…")])
    assert len(first) == 1
    assert ask_for_voices([("vi", "Bác chạm. ")]) == first
    assert MachineVoice.objects.count() == 1


def test_another_voice_speaks_everything_anew(db: None, settings: Any) -> None:
    before = voice_key("vi", "Bác")
    settings.VOICE_PROVIDER = "learning.voice.espeak.Espeak"
    assert voice_key("vi", "Bác") != before


def test_what_nobody_needs_is_forgotten_after_a_month(db: None, monday: clock.FrozenClock) -> None:
    used, unused = row("cần"), row("thừa")
    speak_rows([used, unused])
    assert forget_voices({used.key}) == 0
    monday.advance(timedelta(days=31))
    assert forget_voices({used.key}) == 1
    assert default_storage.exists(f"voices/{used.key}.mp3")
    assert not default_storage.exists(f"voices/{unused.key}.mp3")
    assert list(MachineVoice.objects.all()) == [used]


# Lessons ----------------------------------------------------------------------------------------------------------


def test_a_published_lesson_gets_its_voices_and_its_kept_pages_go(
    tree: Tree, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    MachineVoice.objects.all().delete()
    touched: list[str] = []
    monkeypatch.setattr(stamps, "touch", lambda address, revision="": touched.append(address))
    monkeypatch.setattr(tasks, "nudge", lambda task, *args, **_when: task.call_local(*args))
    assert "aria-disabled" in client.get(LESSON + "?buoc=1").content.decode()
    tasks.prepare_lesson.call_local(tree.vi.pk)
    step = tree.vi.step(1)
    assert step.voice_url.startswith("/media/voices/")
    assert step.is_machine_voice
    html = client.get(LESSON + "?buoc=1").content.decode()
    assert f'href="{step.voice_url}" data-voice' in html
    assert "autoplay" not in html
    assert default_storage.exists(f"voices/{voice_key('vi', step.text)}.mp3")
    assert not MachineVoice.objects.filter(state="waiting").exists()  # it came back until all was said
    assert LESSON in touched


def test_every_lesson_that_uses_a_voice_hears_of_it(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[str] = []
    monkeypatch.setattr(stamps, "touch", lambda address, revision="": touched.append(address))
    tasks.tell_lessons({voice_key("vi", tree.vi.step(1).text)})
    assert touched == [LESSON]
    tasks.tell_lessons({"nobody's"})
    assert touched == [LESSON]


def test_two_workers_never_speak_at_once(tree: Tree) -> None:
    with tasks._speaking:
        tasks.speak_waiting.call_local()
    assert not MachineVoice.objects.filter(state="ready").exists()


def test_the_sweep_finds_what_was_never_asked_for(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    MachineVoice.objects.all().delete()
    monkeypatch.setattr(tasks, "BATCH", 3)
    monkeypatch.setattr(tasks, "BREATH", 0)
    tasks.sweep_voices.call_local()
    assert MachineVoice.objects.filter(state="ready").count() == 3
    assert MachineVoice.objects.filter(state="waiting").count() > 50


def test_a_lesson_is_read_without_any_voice(tree: Tree, client: Client, settings: Any) -> None:
    settings.VOICE_PROVIDER = f"{STAND_INS}.Mute"
    tasks.prepare_lesson.call_local(tree.vi.pk)
    html = client.get(LESSON + "?buoc=1")
    assert html.status_code == 200
    assert "speechSynthesis" not in html.content.decode()


def test_a_lesson_that_is_gone_is_no_error(db: None) -> None:
    tasks.prepare_lesson.call_local(987654)
