"""Template tags of the three pictures: those of a place, and the twelve to choose from."""

from django import template

from learning.resume.code import has_code, pictures_of
from learning.resume.pictures import Drawn, drawn

register = template.Library()


@register.simple_tag
def three_pictures(number: int | None, step: int) -> list[Drawn]:
    """The pictures of a step; [] where a lesson has no number yet or lies beyond what three pictures can tell."""
    return drawn(pictures_of(number, step)) if number and has_code(number, step) else []


@register.simple_tag
def twelve_pictures() -> list[Drawn]:
    """All of them, in the order in which they are shown."""
    return drawn()
