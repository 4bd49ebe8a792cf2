"""The index through which huey finds every slice's tasks."""

from learning.editor import tasks as editor
from learning.feedback import tasks as feedback
from learning.lessons import tasks as lessons
from learning.offline import tasks as offline
from learning.search import tasks as search
from learning.voice import tasks as voice

__all__ = ["editor", "feedback", "lessons", "offline", "search", "voice"]
