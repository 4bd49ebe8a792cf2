"""The index through which huey finds every slice's tasks."""

from learning.lessons import tasks as lessons

__all__ = ["lessons"]
