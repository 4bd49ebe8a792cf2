"""Voices that volunteers offer: made small, kept privately, decided on by editors, heard in the lesson, forgotten."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from learning import catalog
from learning.lessons import offers
from learning.lessons.offers import OfferRefused, accept_voice, decline_voice, offer_voice, withdraw_voice
from learning.media.audio import LessonAudio, is_bare_mp3
from learning.models import LessonPage, VoiceOffer
from learning.templatetags.learning_tags import tongue_name
from learning.voice.actions import forget_offers
from learning.voice.offers import TONGUES
from learning.voice.tasks import forget_old_offers
from project.accounts.models import User
from project.lib import clock
from tests.factories.people import make_user
from tests.learning.conftest import LESSON, Tree


def sound(seconds: float = 2.0, kind: str = "WAV", rate: int = 22_050) -> ContentFile:
    """A hum, as the page's recorder sends it."""
    import numpy
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, 0.2 * numpy.sin(numpy.arange(int(seconds * rate)) / 9), rate, format=kind)
    return ContentFile(out.getvalue(), name=f"thu.{kind.lower()}")


def someone(group: str = "") -> User:
    """A person, perhaps of one of the editors' groups."""
    user = make_user()
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def offered(tree: Tree, language: str = "rad", region: str = "Đắk Lắk", by: User | None = None) -> VoiceOffer:
    """An offer for the first step of the first lesson."""
    return offer_voice(1, str(tree.vi.steps[0].id), language, region, sound(), by=by or someone())


def fresh(tree: Tree) -> Any:
    return LessonPage.objects.get(pk=tree.vi.pk)


def name_of(offer: VoiceOffer) -> str:
    """The name of its file."""
    return str(offer.audio.name)


def is_kept(name: str) -> bool:
    """Whether the private storage holds the file."""
    return storages["private"].exists(name)


# Offering -----------------------------------------------------------------------------------------------------


def test_every_language_has_a_name() -> None:
    assert all(tongue_name(code) != code for code in TONGUES)
    assert "en" not in TONGUES


def test_a_recording_is_kept_small_and_private(tree: Tree) -> None:
    offer = offered(tree, region="  Đắk   Lắk ")
    assert (offer.state, offer.region) == ("waiting", "Đắk Lắk")
    assert 1.9 < offer.seconds < 2.1
    with storages["private"].open(name_of(offer)) as file:
        data = file.read()
    assert is_bare_mp3(data[:3])
    assert len(data) < 20_000
    assert Client().get(f"/media/{offer.audio.name}").status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no sound at all" * 30, "không phải"), (b"\0\0\0\x20ftypM4A " + b"\0" * 300, "M4A"),
        (b"RIFF" + b"\0" * 3_200_000, "3 MB"), (b"", "không phải"),
    ],
)  # fmt: skip
def test_what_is_no_recording_is_refused_with_words(tree: Tree, data: bytes, words: str) -> None:
    with pytest.raises(OfferRefused, match=words):
        offer_voice(1, str(tree.vi.steps[0].id), "rad", "", ContentFile(data, name="x.wav"), by=someone())
    assert not VoiceOffer.objects.exists()


def test_a_long_speech_and_silence_are_refused_with_words(tree: Tree) -> None:
    with pytest.raises(OfferRefused, match="39 giây"):
        offer_voice(1, str(tree.vi.steps[0].id), "rad", "", sound(50, rate=8_000), by=someone())
    with pytest.raises(OfferRefused):
        offer_voice(1, str(tree.vi.steps[0].id), "rad", "", sound(0.01), by=someone())


@pytest.mark.parametrize(
    "wrong",
    [{"number": 99}, {"step_id": "no-step"}, {"language": "en"}, {"language": "xx"}, {"region": "a" * 25},
     {"region": "0912345678"}],
)  # fmt: skip
def test_only_a_published_step_and_a_known_language(tree: Tree, wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"number": 1, "step_id": str(tree.vi.steps[0].id), "language": "rad", "region": ""}
    with pytest.raises(OfferRefused):
        offer_voice(**(right | wrong), file=sound(), by=someone())


def test_an_unpublished_lesson_takes_no_voices(tree: Tree) -> None:
    tree.vi.unpublish()
    with pytest.raises(OfferRefused):
        offered(tree)


def test_a_second_try_replaces_the_first_and_its_file(tree: Tree, django_capture_on_commit_callbacks: Any) -> None:
    by = someone()
    first = offered(tree, by=by)
    name = name_of(first)
    with django_capture_on_commit_callbacks(execute=True):
        second = offered(tree, by=by, region="Gia Lai")
    assert list(VoiceOffer.objects.all()) == [second]
    assert not is_kept(name)
    offered(tree, by=by, language="mnn")
    offered(tree)
    assert VoiceOffer.objects.count() == 3


def test_sixty_a_day_are_enough(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "A_DAY", 2)
    by = someone()
    offered(tree, by=by)
    offered(tree, by=by)
    with pytest.raises(OfferRefused, match="Hôm nay"):
        offered(tree, by=by)
    offered(tree)  # others go on


# The volunteer's side -----------------------------------------------------------------------------------------


def test_own_offers_say_what_became_of_them(tree: Tree) -> None:
    by = someone()
    offer = offered(tree, by=by)
    offered(tree)
    (one,) = catalog.own_offers(by)
    assert (one.title, one.step, one.tongue, one.region, one.state) == (
        tree.vi.title, 1, tongue_name("rad"), "Đắk Lắk", "waiting",
    )  # fmt: skip
    assert is_bare_mp3(catalog.own_sound(offer.pk, by=by) or b"")
    assert catalog.own_sound(offer.pk, by=someone()) is None
    decline_voice(offer, by=someone("Soạn bài"), reason="Ồn quá")
    (one,) = catalog.own_offers(by)
    assert (one.state, one.reason) == ("declined", "Ồn quá")
    assert catalog.own_sound(offer.pk, by=by) is None


def test_only_the_person_takes_it_back_and_only_while_it_waits(
    tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    by = someone()
    offer = offered(tree, by=by)
    name = name_of(offer)
    with pytest.raises(OfferRefused):
        withdraw_voice(offer.pk, by=someone())
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_voice(offer.pk, by=by)
    assert not VoiceOffer.objects.exists()
    assert not is_kept(name)
    again = offered(tree, by=by)
    accept_voice(again, by=someone("Duyệt bài"))
    with pytest.raises(OfferRefused):
        withdraw_voice(again.pk, by=by)


# Deciding -----------------------------------------------------------------------------------------------------


def test_an_accepted_voice_is_heard_on_the_step(tree: Tree, django_capture_on_commit_callbacks: Any) -> None:
    offer = offered(tree)
    name, approver = name_of(offer), someone("Duyệt bài")
    with django_capture_on_commit_callbacks(execute=True):
        assert accept_voice(offer, by=approver) is True
    offer.refresh_from_db()
    assert (offer.state, offer.decided_by, offer.audio.name) == ("accepted", approver, "")
    assert offer.decided_at is not None
    assert not is_kept(name)
    audio = LessonAudio.objects.get()
    assert (audio.language, audio.region, audio.type) == ("rad", "Đắk Lắk", "audio")
    page = fresh(tree)
    assert not page.has_unpublished_changes
    (track,) = page.step(1).tracks
    assert (track.language, track.url) == ("rad", audio.url)
    html = Client().get(f"{LESSON}?buoc=1").content.decode()
    assert audio.url in html
    assert "Đắk Lắk" in html
    assert audio.url.startswith("/media/media/")  # what project/media.py serves
    assert default_storage.exists(audio.file.name)
    assert offer.offered_by is not None
    assert offer.offered_by.name not in html + audio.title + audio.file.name


def test_a_vietnamese_recording_takes_the_machines_place(tree: Tree) -> None:
    accept_voice(offered(tree, "vi", ""), by=someone("Duyệt bài"))
    step = fresh(tree).step(1)
    assert step.voice_url == LessonAudio.objects.get().url
    assert not step.is_machine_voice
    assert step.tracks == ()


def test_an_editor_who_may_not_publish_leaves_a_draft(tree: Tree) -> None:
    assert accept_voice(offered(tree), by=someone("Soạn bài")) is False
    page = fresh(tree)
    assert page.has_unpublished_changes
    assert page.step(1).tracks == ()
    assert page.get_latest_revision_as_object().step(1).tracks[0].language == "rad"


def test_an_unfinished_draft_is_kept_and_not_published_with_it(tree: Tree) -> None:
    draft = fresh(tree)
    draft.summary = "Đang viết dở."
    draft.save_revision()
    assert accept_voice(offered(tree), by=someone("Duyệt bài")) is False
    page = fresh(tree)
    assert page.summary != "Đang viết dở."
    latest = page.get_latest_revision_as_object()
    assert latest.summary == "Đang viết dở."
    assert len(latest.step(1).tracks) == 1


def test_a_lesson_that_breaks_a_hard_rule_is_not_published(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "stopping", lambda page: ["something"])
    assert accept_voice(offered(tree), by=someone("Duyệt bài")) is False
    assert fresh(tree).has_unpublished_changes


def test_the_same_language_and_region_gives_way_another_region_stands_beside_it(tree: Tree) -> None:
    approver = someone("Duyệt bài")
    for region in ("Đắk Lắk", "Đắk Lắk", "Gia Lai"):
        accept_voice(offered(tree, region=region), by=approver)
    assert [track.region for track in fresh(tree).step(1).tracks] == ["Đắk Lắk", "Gia Lai"]
    assert fresh(tree).step(1).tracks[0].url == LessonAudio.objects.order_by("pk")[1].url


def test_a_full_step_takes_no_more_and_nothing_is_left_behind(tree: Tree) -> None:
    approver = someone("Duyệt bài")
    for language in TONGUES[1:7]:
        accept_voice(offered(tree, language), by=approver)
    last = offered(tree, "hmn")
    with pytest.raises(OfferRefused):
        accept_voice(last, by=approver)
    last.refresh_from_db()
    assert last.state == "waiting"
    assert LessonAudio.objects.count() == 6


def test_a_locked_lesson_and_a_step_that_is_gone_wait(tree: Tree) -> None:
    offer, approver = offered(tree), someone("Duyệt bài")
    page = fresh(tree)
    page.locked, page.locked_by = True, someone()
    page.save()
    with pytest.raises(OfferRefused, match="khoá"):
        accept_voice(offer, by=approver)
    page.locked, page.locked_by = False, None
    del page.steps[0]
    page.save_revision().publish()
    with pytest.raises(OfferRefused, match="không còn"):
        accept_voice(offer, by=approver)


def test_nobody_decides_twice(tree: Tree) -> None:
    offer, approver = offered(tree), someone("Duyệt bài")
    decline_voice(offer, by=approver, reason="Nhỏ quá")
    with pytest.raises(OfferRefused):
        accept_voice(offer, by=approver)
    with pytest.raises(OfferRefused):
        decline_voice(offer, by=approver, reason="Lại")


def test_declining_needs_a_reason_and_deletes_the_recording(
    tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    offer, editor = offered(tree), someone("Soạn bài")
    name = name_of(offer)
    with pytest.raises(OfferRefused):
        decline_voice(offer, by=editor, reason="  ")
    with django_capture_on_commit_callbacks(execute=True):
        decline_voice(offer, by=editor, reason="Có tiếng xe")
    assert not is_kept(name)


@pytest.mark.parametrize("group", ["", "Dữ liệu gốc"])
def test_others_may_not_decide(tree: Tree, group: str) -> None:
    offer, stranger = offered(tree), someone(group)
    with pytest.raises(PermissionDenied):
        accept_voice(offer, by=stranger)
    with pytest.raises(PermissionDenied):
        decline_voice(offer, by=stranger, reason="x")


# The editors' page --------------------------------------------------------------------------------------------


def test_the_page_lists_plays_and_decides(tree: Tree, client: Client) -> None:
    offer, second = offered(tree), offered(tree, "mnn")
    client.force_login(someone("Soạn bài"))
    html = client.get(reverse("learning_voices")).content.decode()
    assert html.index(tongue_name("rad")[1:]) < html.index(tongue_name("mnn")[1:])  # a heading begins with a capital
    assert escape(tree.vi.steps[0].value["text"]) in html
    assert '"2 gi' in client.get("/cms/").content.decode()  # the menu is JSON
    played = client.get(reverse("learning_voice_sound", args=[offer.pk]))
    assert (played.status_code, played["Content-Type"], "no-store" in played["Cache-Control"]) == (
        200, "audio/mpeg", True,
    )  # fmt: skip
    answer = client.post(reverse("learning_voice_decide", args=[offer.pk]), {"act": "accept"}, follow=True)
    assert "bản nháp" in answer.content.decode()
    client.post(reverse("learning_voice_decide", args=[second.pk]), {"act": "decline", "reason": "Ồn quá"})
    assert set(VoiceOffer.objects.values_list("state", flat=True)) == {"accepted", "declined"}
    html = client.get(reverse("learning_voices")).content.decode()
    assert "Ồn quá" in html
    assert client.get(reverse("learning_voice_sound", args=[offer.pk])).status_code == 404


def test_declining_without_a_reason_tells_why_it_did_not_happen(tree: Tree, client: Client) -> None:
    offer = offered(tree)
    client.force_login(someone("Duyệt bài"))
    answer = client.post(reverse("learning_voice_decide", args=[offer.pk]), {"act": "decline"}, follow=True)
    assert "lý do" in answer.content.decode()
    assert VoiceOffer.objects.get().is_waiting


@pytest.mark.parametrize(("group", "status"), [(None, 302), ("", 302), ("Dữ liệu gốc", 404)])
def test_strangers_find_no_page_no_sound_and_decide_nothing(
    tree: Tree, client: Client, group: str | None, status: int
) -> None:
    offer = offered(tree)
    if group is not None:
        client.force_login(someone(group))
    assert client.get(reverse("learning_voices")).status_code == status
    assert client.get(reverse("learning_voice_sound", args=[offer.pk])).status_code == status
    assert client.post(reverse("learning_voice_decide", args=[offer.pk]), {"act": "accept"}).status_code == status
    assert VoiceOffer.objects.get().is_waiting


# Forgetting ---------------------------------------------------------------------------------------------------


def test_what_waited_too_long_goes_and_what_was_accepted_stays(
    tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    approver = someone("Duyệt bài")
    taken, refused, old = offered(tree, "yue"), offered(tree, "km"), offered(tree)
    name = name_of(old)
    accept_voice(taken, by=approver)
    decline_voice(refused, by=approver, reason="Ồn quá")
    assert forget_offers() == 0
    with clock.frozen(clock.now() + timedelta(days=181)):
        new = offered(tree, "mnn")
        with django_capture_on_commit_callbacks(execute=True):
            forget_old_offers.call_local()
    assert set(VoiceOffer.objects.values_list("pk", flat=True)) == {taken.pk, new.pk}
    assert not is_kept(name)
    assert LessonAudio.objects.count() == 1


def test_what_waits_goes_with_the_account(tree: Tree) -> None:
    by = someone()
    offered(tree, by=by)
    accept_voice(offered(tree, "km", by=by), by=someone("Duyệt bài"))
    by.delete()
    assert forget_offers() == 1
    (left,) = VoiceOffer.objects.all()
    assert (left.state, left.offered_by) == ("accepted", None)


def test_an_upload_of_the_browser_is_taken_as_it_comes(tree: Tree) -> None:
    upload = SimpleUploadedFile("ghi âm.ogg", sound(kind="OGG").read(), content_type="audio/ogg")
    offer = offer_voice(1, str(tree.vi.steps[1].id), "tai", "", upload, by=someone())
    assert "ghi" not in name_of(offer)
