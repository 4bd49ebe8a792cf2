"""The index through which Wagtail finds what the slices offer to editors."""

from learning.editor import checker, hooks, snippets, viewsets
from learning.editor.voices import offer_voices_page
from learning.feedback.cms import offer_stuck_map
from learning.kiosk.views import offer_previews as offer_kiosk
from learning.lessons.frames import offer_frames
from learning.lessons.show import offer_previews
from learning.printing.views import offer_previews as offer_paper
from learning.search.cms import offer_report

__all__ = ["checker", "hooks", "snippets", "viewsets"]

offer_previews()
offer_frames()
offer_kiosk()
offer_paper()
offer_report()
offer_voices_page()
offer_stuck_map()
