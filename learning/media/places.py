"""Places on a picture in percent: numbered marks, and one area. Set by clicking on the picture in the editor."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from wagtail import blocks

MAX_MARKS = 3


class PlacesInput(forms.HiddenInput):
    """A hidden field with JSON that cms/places.js turns into a picture to click on. `mode`: 'marks' or 'area'."""

    def __init__(self, mode: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-places": mode, **(attrs or {})})
        self.mode = mode

    def format_value(self, value: Any) -> str:
        """As JSON."""
        return value if isinstance(value, str) else json.dumps(value or ([] if self.mode == "marks" else None))


class PlacesField(forms.Field):
    """JSON of marks [{"x", "y"}] or of one area {"x", "y", "w", "h"}; whole numbers of percent."""

    def __init__(self, mode: str, **options: Any) -> None:
        self.mode = mode
        super().__init__(widget=PlacesInput(mode), **options)

    def to_python(self, value: Any) -> Any:
        """Marks or an area; ValidationError for anything else."""
        if value in (None, "", "null", "[]"):
            return [] if self.mode == "marks" else None
        try:
            data = json.loads(value) if isinstance(value, str) else value
            return marks_of(data) if self.mode == "marks" else area_of(data)
        except (ValueError, TypeError, KeyError) as error:
            raise ValidationError(_now("This place on the picture cannot be read. Please click again.")) from error


def marks_of(data: Any) -> list[dict[str, int]]:
    """Up to MAX_MARKS marks. ValueError otherwise. Also takes the form in which list blocks were kept."""
    marks = [entry["value"] if isinstance(entry, dict) and entry.get("type") == "item" else entry for entry in data]
    if len(marks) > MAX_MARKS:
        raise ValueError("too many marks")
    return [{"x": _percent(mark["x"]), "y": _percent(mark["y"])} for mark in marks]


def area_of(data: Any) -> dict[str, int]:
    """One area within the picture. ValueError otherwise."""
    area = {name: _percent(data[name]) for name in ("x", "y", "w", "h")}
    if area["w"] < 1 or area["h"] < 1 or area["x"] + area["w"] > 100 or area["y"] + area["h"] > 100:
        raise ValueError("the area leaves the picture")
    return area


def _percent(value: Any) -> int:
    number = round(float(value))
    if not 0 <= number <= 100:
        raise ValueError(value)
    return number


class MarksBlock(blocks.FieldBlock):
    """Numbered marks on the picture beside it."""

    def __init__(self, required: bool = False, **options: Any) -> None:
        self.field = PlacesField("marks", required=required)
        super().__init__(**options)

    def get_default(self) -> Any:
        """No marks."""
        return []

    def to_python(self, value: Any) -> Any:
        """The marks as they are kept."""
        return marks_of(value or [])

    def value_from_form(self, value: Any) -> Any:
        """What the form's field made of it."""
        return value or []


class AreaBlock(blocks.FieldBlock):
    """One area on the picture beside it."""

    def __init__(self, required: bool = False, **options: Any) -> None:
        self.field = PlacesField("area", required=required)
        super().__init__(**options)

    def get_default(self) -> Any:
        """No area."""
        return None

    def to_python(self, value: Any) -> Any:
        """The area as it is kept."""
        return area_of(value) if value else None
