"""Imports every table of the lessons. Nobody but Django, tests and `project` imports this module."""

from learning.feedback.models import Tally
from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.tree import HomePage, LessonIndexPage, TopicPage
from learning.media.audio import LessonAudio
from learning.media.images import LessonImage, LessonRendition
from learning.offline.models import PackFile
from learning.reference.models import (
    AppVersion,
    GlossaryTerm,
    HelpContact,
    Procedure,
    Service,
    ServicePoint,
    Track,
    WarningBox,
)
from learning.search.models import SearchMiss
from learning.seeding.models import ShippedContent
from learning.voice.models import MachineVoice
from learning.voice.offers import VoiceOffer

__all__ = [
    "AppVersion",
    "GlossaryTerm",
    "HelpContact",
    "HomePage",
    "LessonAudio",
    "LessonImage",
    "LessonIndexPage",
    "LessonNumber",
    "LessonPage",
    "LessonRendition",
    "MachineVoice",
    "PackFile",
    "Procedure",
    "SearchMiss",
    "Service",
    "ServicePoint",
    "ShippedContent",
    "Tally",
    "TopicPage",
    "Track",
    "VoiceOffer",
    "WarningBox",
]
