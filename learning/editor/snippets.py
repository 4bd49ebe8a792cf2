"""The shared pieces in Wagtail: glossary, apps, warnings, contacts, procedures, service points, learning paths."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.models import ReferenceIndex
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from learning.lessons.models import LessonPage
from learning.reference.actions import app_version_changed, search_key_of_point, search_key_of_procedure
from learning.reference.models import (
    AppVersion,
    GlossaryTerm,
    HelpContact,
    Procedure,
    ServicePoint,
    Track,
    WarningBox,
)
from project.lib import vietnamese
from project.lib.phone import PhoneError, parse

SHORT_NUMBER = re.compile(r"1\d{2,4}|1[89]00\d{4,6}")  # 113, 1022, 1900 0368: not the number of a person
AREA_CODE = re.compile(r"\d{5}")


class PieceForm(WagtailAdminModelForm):
    """A shared piece: its key is made once from its name; phones and commune codes are looked at."""

    def clean_phone(self) -> str:
        """A short number, a hotline, or a Vietnamese number as people write it."""
        phone = self.cleaned_data["phone"]
        if not phone or SHORT_NUMBER.fullmatch(re.sub(r"[\s.\-]", "", phone)):
            return phone
        try:
            parse(phone)
        except PhoneError as error:
            raise ValidationError(str(error)) from error
        return phone

    def clean_area_code(self) -> str:
        """Five digits, or nothing."""
        code = self.cleaned_data["area_code"].strip()
        if code and not AREA_CODE.fullmatch(code):
            raise ValidationError(_now("A commune's code has five digits, for example 25396."))
        return code

    def save(self, commit: bool = True) -> Any:
        """As Wagtail's; with the key of a new piece, and the search key of what people search."""
        row = self.instance
        if hasattr(row, "key") and not row.key:
            row.key = free_key(type(row), str(row))
        if isinstance(row, Procedure):
            row.folded = search_key_of_procedure(row)
        if isinstance(row, ServicePoint):
            row.folded = search_key_of_point(row)
        return super().save(commit=commit)


class AppForm(PieceForm):
    """A new version of an app marks the lessons that show it."""

    def save(self, commit: bool = True) -> Any:
        """As PieceForm's; lessons are marked when the version of an app that was there changed."""
        changed = bool(self.instance.pk) and "version" in self.changed_data
        app = super().save(commit=commit)
        if changed and commit:
            app_version_changed(app, by=self.for_user)
        return app


def free_key(model: Any, name: str) -> str:
    """A key from a name that no row of the model has yet."""
    base = vietnamese.slug(name)[:34].strip("-") or "muc"
    taken = set(model._default_manager.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if key not in taken)


def uses(row: Any) -> int:
    """In how many places a piece is used: pages that name it in a block or a field."""
    pages: set[int] = set()
    for relation in row._meta.related_objects:
        if relation.many_to_many and relation.related_model is LessonPage:
            pages.update(LessonPage.objects.filter(**{relation.field.name: row}).values_list("pk", flat=True))
    return len(pages) + ReferenceIndex.get_references_to(row).values("object_id").distinct().count()


def both(*names: str, label: Any) -> MultiFieldPanel:
    """Fields that stand in Vietnamese and English, beside each other."""
    return MultiFieldPanel(
        [FieldRowPanel([FieldPanel(f"{name}_vi"), FieldPanel(f"{name}_en")]) for name in names], label
    )


class PieceViewSet(SnippetViewSet):
    """What all shared pieces have in common."""

    list_columns: tuple[str, ...] = ()
    panels_of: tuple[Any, ...] = ()
    form: type[PieceForm] = PieceForm
    copy_view_enabled = False

    @property
    def list_display(self) -> list[Any]:
        """The piece's own columns, then how often it is used."""
        return [*self.list_columns, Column("uses", label=_("Used in"), accessor=uses)]

    def get_edit_handler(self) -> Any:
        """The piece's panels with its form."""
        return ObjectList(list(self.panels_of), base_form_class=self.form).bind_to_model(self.model)


class GlossaryViewSet(PieceViewSet):
    """Words of the phone's world."""

    model = GlossaryTerm
    icon = "openquote"
    menu_label = _("Words explained")
    list_columns = ("term_vi", "meaning_vi")
    search_fields = ["term_vi", "term_en"]
    panels_of = (both("term", "meaning", label=_("The word")),)


class AppViewSet(PieceViewSet):
    """Apps and the versions that lessons show."""

    model = AppVersion
    icon = "mobile-alt"
    menu_label = _("Apps and versions")
    list_columns = ("name", "version", "checked_on")
    search_fields = ["name"]
    form = AppForm
    panels_of = (
        FieldPanel("name"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("version"), FieldPanel("checked_on")])],
            _("Version"),
            help_text=_("Another version puts every lesson that shows the app on the list «Lessons to review»."),
        ),
        both("store_note", label=_("Installing it")),
    )


class WarningViewSet(PieceViewSet):
    """Warnings that stand in many lessons."""

    model = WarningBox
    icon = "warning"
    menu_label = _("Warning boxes")
    list_columns = ("title_vi", "level")
    search_fields = ["title_vi", "body_vi"]
    panels_of = (FieldPanel("level"), both("title", "body", label=_("Words")))


class ContactViewSet(PieceViewSet):
    """Numbers that people may call."""

    model = HelpContact
    icon = "help"
    menu_label = _("Help contacts")
    list_columns = ("name_vi", "phone", "area_code", "source")
    search_fields = ["name_vi", "phone"]
    panels_of = (
        FieldRowPanel([FieldPanel("phone"), FieldPanel("area_code")]),
        FieldPanel("source"),
        both("name", "note", label=_("Words")),
    )


class ProcedureViewSet(PieceViewSet):
    """Matters at an office with the papers to bring."""

    model = Procedure
    icon = "list-ul"
    menu_label = _("Procedures and papers")
    list_columns = ("name_vi", "place", "lesson_number")
    list_filter = ["place"]
    search_fields = ["name_vi", "keywords"]
    panels_of = (
        both("name", "papers", "note", label=_("Words")),
        FieldRowPanel([FieldPanel("place"), FieldPanel("lesson_number")]),
        FieldPanel("link"),
        FieldPanel("keywords"),
    )


class PointViewSet(PieceViewSet):
    """Where people go, with the hours."""

    model = ServicePoint
    icon = "site"
    menu_label = _("Service points")
    list_columns = ("name_vi", "kind", "area_code", "phone")
    list_filter = ["kind"]
    search_fields = ["name_vi", "address"]
    panels_of = (
        FieldRowPanel([FieldPanel("kind"), FieldPanel("area_code")]),
        both("name", label=_("Name")),
        FieldRowPanel([FieldPanel("address"), FieldPanel("phone")]),
        both("hours", label=_("Opening hours")),
    )


class TrackViewSet(PieceViewSet):
    """Learning paths: topics in an order."""

    model = Track
    icon = "order"
    menu_label = _("Learning paths")
    list_columns = ("title_vi", "position")
    panels_of = (both("title", "intro", label=_("Words")), FieldPanel("position"))


class SharedPieces(SnippetViewSetGroup):
    """One entry of the menu for all of them."""

    items = (
        GlossaryViewSet, AppViewSet, WarningViewSet, ContactViewSet, ProcedureViewSet, PointViewSet, TrackViewSet,
    )  # fmt: skip
    menu_label = _("Shared pieces")
    menu_icon = "snippet"
    menu_order = 250


register_snippet(SharedPieces)
