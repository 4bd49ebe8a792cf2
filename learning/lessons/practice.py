"""How the practice phone and the questions are shown: every state is an address, so nothing here needs JavaScript."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from learning.lessons.models import LessonPage
from learning.lessons.steps import Voices, finished_voices, rows_of
from learning.media.pictures import picture_of_image
from learning.quizzes import play as quiz_play
from learning.quizzes.blocks import MEDIA
from learning.rehearsal import play
from learning.rehearsal.cells import SHEET, qr, sheet
from learning.voice.models import MachineVoice, voice_key

MEDIA_ICONS = {"message": "mail", "call": "call", "link": "link", "app": "phone", "video": "user"}


def show_rehearsal(page: LessonPage, request: HttpRequest, place: str) -> HttpResponse:
    """Screen `place` of the practice phone, counted from 1; `?sai=k` after k wrong taps. Http404 beyond the last."""
    turn = play.turn_of(
        place,
        request.GET.get("sai"),
        screens=len(page.rehearsal),
        after=after_rehearsal(page),
        before=before_rehearsal(page),
    )
    if turn is None:
        raise Http404(f"no practice screen {place[:12]!r}")
    block = page.rehearsal[turn.number - 1]
    value = block.value
    voices = finished_voices([(page.tongue, value["task"]), (page.tongue, value["hint"])])
    picture = picture_of_image(value["image"], []) if value["image"] else None
    places = () if picture else play.places(rows_of(value["screen"]))
    drawn = {place.state for place in places if place.kind == "photo"}
    return page.answer(
        request,
        "learning/rehearsal.html",
        number=page.number,
        turn=turn,
        block_id=str(block.id),
        task=value["task"],
        hint=value["hint"],
        title=value["screen"]["title"],
        places=places,
        sheets={state: sheet(state) for state in drawn},
        sheet_size=SHEET,
        qr=qr() if any(place.kind == "qr" for place in places) else "",
        picture=picture,
        area=play.tap_area(value["area"], picture.width, picture.height) if picture and value["area"] else None,
        voice_url=voice_url(page, voices, value["task"]),
        hint_voice=voice_url(page, voices, value["hint"]),
        help_href=page.help_href(page.number),
    )


def show_question(page: LessonPage, request: HttpRequest, place: str) -> HttpResponse:
    """Question `place`, counted from 1; `?chon=k` with the words that follow answer k. Http404 beyond the last."""
    number = quiz_play.question_in(place, len(page.quiz))
    if number is None:
        raise Http404(f"no question {place[:12]!r}")
    block = page.quiz[number - 1]
    value = block.value
    is_scam = block.block_type == "scam"
    answers: tuple[quiz_play.Answer, ...]
    if is_scam:
        answers = quiz_play.real_or_fake((_("Real"), _("Fake")), value["why"], fake=value["fake"])
    else:
        answers = quiz_play.choices(
            [(option["text"], option["why"], bool(option["right"])) for option in value["options"]]
        )
    turn = quiz_play.turn_of(
        number,
        request.GET.get("chon"),
        answers,
        questions=len(page.quiz),
        after=END,
        before=before_questions(page),
    )
    asked = value["body"] if is_scam else value["question"]
    texts = [asked, value["hint"], *dict.fromkeys(answer.why for answer in answers)]
    voices = finished_voices([(page.tongue, text) for text in texts])
    return page.answer(
        request,
        "learning/question.html",
        number=page.number,
        turn=turn,
        block_id=str(block.id),
        question="" if is_scam else asked,
        hint=value["hint"],
        answers=[(answer, voice_url(page, voices, answer.why)) for answer in turn.answers],
        scam=scam_context(value) if is_scam else None,
        voice_url=voice_url(page, voices, asked),
        hint_voice=voice_url(page, voices, value["hint"]),
        why_voice=voice_url(page, voices, answers[0].why) if is_scam else "",
        help_href=page.help_href(page.number),
    )


def scam_context(value: Any) -> dict[str, Any]:
    """What came, by which way, and whether it is fake."""
    return {
        "medium": dict(MEDIA)[value["medium"]],
        "icon": MEDIA_ICONS[value["medium"]],
        "sender": value["sender"],
        "body": value["body"],
        "fake": bool(value["fake"]),
        "why": value["why"],
    }


def voice_url(page: LessonPage, voices: Voices, text: str) -> str:
    """Where the machine's voice of a text is; '' while there is none."""
    voice: MachineVoice | None = voices.get(voice_key(page.tongue, text))
    return voice.url if voice else ""


# What stands before and after, in the order steps, practice phone, questions, last screen ----------------------

END = "?buoc=xong"


def after_rehearsal(page: LessonPage) -> str:
    """Where «Next» leads after the last practice screen."""
    return "?cau=1" if len(page.quiz) else END


def before_rehearsal(page: LessonPage) -> str:
    """What comes before the first practice screen: the last step, the cover of a lesson without steps."""
    return f"?buoc={len(page.steps)}" if len(page.steps) else page.url or "?"


def before_questions(page: LessonPage) -> str:
    """What comes before the first question."""
    return f"?thu={len(page.rehearsal)}" if len(page.rehearsal) else before_rehearsal(page)
