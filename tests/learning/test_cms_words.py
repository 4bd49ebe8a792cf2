"""The editors' side speaks Vietnamese: the borrowed catalogues are complete, no page shows the packages' English."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation.trans_real import DjangoTranslation
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupCollectionPermission
from wagtail.snippets.models import get_snippet_models
from wagtailmedia.models import get_media_model

from learning.models import LessonPage, TopicPage
from project.accounts.models import User
from project.management.commands.catalogues import PLACEHOLDER, borrowed_files, faults, load
from tests.learning.conftest import Tree

DOMAINS = ("django", "djangojs")
PACKAGES = ("wagtail", "wagtailmedia", "taggit")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# What the packages write without asking gettext: a landmark's name, a label made of a field's name, an empty counter.
UNASKED = {"actions", "email address", "none"}
SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-w-tooltip-content-value")


def borrowed(domain: str) -> Catalog:
    """Our catalogue of the packages' words."""
    (path,) = [path for path in borrowed_files() if path.stem == domain]
    return load(path, domain)


def english(domain: str, *, packages: tuple[str, ...]) -> Iterator[tuple[str, Message]]:
    """Every message of the English catalogues that the installed packages ship, with the package's name."""
    folders = [(config.name, Path(config.path)) for config in apps.get_app_configs()]
    for name, folder in folders:
        path = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if name.split(".")[0] in packages and path.exists():
            with path.open("rb") as source:
                yield from ((name, message) for message in read_po(source) if message.id)


def first(message: Message) -> str:
    """The singular, by which a catalogue finds the message."""
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def said(domain: str, message: Message) -> str:
    """What Django says for it in Vietnamese."""
    words = DjangoTranslation("vi", domain=domain)
    plural = message.id if isinstance(message.id, tuple | list) else None
    if message.context:
        one = str(message.context)
        return words.npgettext(one, *plural, 5) if plural else words.pgettext(one, first(message))
    return words.ngettext(*plural, 5) if plural else words.gettext(first(message))


# The catalogues -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_is_empty_fuzzy_or_broken(domain: str) -> None:
    catalog = borrowed(domain)
    assert len(catalog) > 80
    assert faults(catalog) == []
    # one form, with the same spaces at both ends: templates build sentences from the pieces
    for message in catalog:
        if message.id:
            text = message.string if isinstance(message.string, str) else message.string[0]
            one = first(message)
            assert one[: len(one) - len(one.lstrip())] == text[: len(text) - len(text.lstrip())], one
            assert one[len(one.rstrip()) :] == text[len(text.rstrip()) :], one


def test_a_fault_is_found() -> None:
    catalog = Catalog(locale="vi")
    catalog.add("Publish", "")
    catalog.add("Save", "Lưu", flags={"fuzzy"})
    catalog.add("Delete %(title)s", "Xoá %(name)s")
    catalog.add("Edit {title}", "Sửa")
    catalog.add("<b>Locked</b>", "<b>Khoá<b>")
    catalog.add(("1 page", "%(counter)s pages"), ("trang",))
    catalog.add(("1 image", "%(counter)s images"), ("%(counter)s ảnh",))
    assert len(faults(catalog)) == 6


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_msgid_of_the_packages_is_there(domain: str) -> None:
    catalog = borrowed(domain)
    wanted = {(message.context, first(message)) for _name, message in english(domain, packages=PACKAGES)}
    assert len(wanted) > 80
    assert sorted(one for context, one in wanted if catalog.get(one, context) is None) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_gettext_speaks_vietnamese_for_every_msgid_of_the_admin(domain: str) -> None:
    # An abbreviation or a pure pattern is the same in both languages; such an entry repeats its msgid.
    same = {first(message) for message in borrowed(domain) if first(message) == message.string}
    assert len(same) < 20
    messages = [message for name, message in english(domain, packages=PACKAGES) if name == "wagtail.admin"]
    missing = [first(m) for m in messages if said(domain, m) in {first(m), ""} and first(m) not in same]
    assert missing == []


@pytest.mark.parametrize(
    ("word", "vietnamese"),
    [
        ("Publish", "Đăng"), ("Save draft", "Lưu nháp"), ("Page", "Trang"), ("Preview", "Xem trước"),
        ("Workflow", "Quy trình duyệt"), ("Snippets", "Mục dùng chung"), ("Unpublish", "Gỡ xuống"),
        ("Submit to %(workflow_name)s", "Gửi duyệt: %(workflow_name)s"),
    ],
)  # fmt: skip
def test_the_everyday_words(word: str, vietnamese: str) -> None:
    with translation.override("vi"):
        assert translation.gettext(word) == vietnamese


def test_our_own_words_win_over_the_borrowed_ones() -> None:
    own, others = (Path(folder) for folder in settings.LOCALE_PATHS)
    assert (own.name, others.name) == ("locale", "locale_cms")


# The pages ------------------------------------------------------------------------------------------------------


@cache
def leaks() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Plain English texts, and patterns for those with gaps, that have other words in Vietnamese."""
    plain: dict[str, str] = {}
    gapped: list[tuple[re.Pattern[str], str]] = []
    for name, message in english("django", packages=(*PACKAGES, "django")):
        one = first(message)
        if said("django", message) in {one, ""}:
            continue
        forms = [str(form) for form in (message.id if isinstance(message.id, tuple | list) else [message.id])]
        for piece in (" ".join(piece.split()) for form in forms for piece in TAG.split(form)):
            words = re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub(" ", piece))
            if PLACEHOLDER.search(piece):
                if len(words) > 1:
                    gaps = ".+".join(re.escape(part) for part in PLACEHOLDER.split(piece))
                    gapped.append((re.compile(gaps, re.IGNORECASE), f"{name}: {one}"))
            elif len(words) > 1 or (words and not TAG.search(one)):
                plain[piece.casefold()] = f"{name}: {one}"
    return {text: origin for text, origin in plain.items() if text not in UNASKED}, gapped


def texts(html: str) -> set[str]:
    """What a person sees or hears of the HTML."""
    soup = BeautifulSoup(html, "html.parser")
    for unseen in soup(["script", "style", "svg"]):
        unseen.decompose()
    heard = [tag[name] for tag in soup.find_all(True) for name in SPOKEN if tag.get(name)]
    return {" ".join(str(text).split()) for text in [*soup.stripped_strings, *heard]} - {""}


def english_in(html: str) -> list[str]:
    """The texts that the packages have Vietnamese for, but that stand there in English."""
    plain, gapped = leaks()
    found = []
    for text in texts(html):
        origin = plain.get(text.casefold())
        origin = origin or next((source for pattern, source in gapped if pattern.fullmatch(text)), None)
        if origin:
            found.append(f"«{text}» ({origin})")
    return found


def signed_in(group: str | None, client: Client) -> None:
    """Somebody of the group at the client; without a group, somebody who may do everything."""
    user = User.objects.create(name="Người soạn", email="soan@example.org", is_superuser=group is None)
    if group:
        row = Group.objects.get(name=group)
        user.groups.add(row)
        # Both groups keep pictures and recordings; Wagtail asks for the permissions of its own models.
        for code in ("add_image", "change_image", "choose_image", "add_media", "change_media"):
            permission = Permission.objects.get(codename=code, content_type__app_label__startswith="wagtail")
            GroupCollectionPermission.objects.get_or_create(
                group=row, collection=Collection.get_first_root_node(), permission=permission
            )
    client.force_login(user)


@pytest.fixture
def places(tree: Tree) -> list[str]:
    """The addresses of the editors' side, with a picture, a recording, and a lesson that waits for approval."""
    writer = User.objects.create(name="Người viết", email="viet@example.org")
    root = Collection.get_first_root_node()
    image = get_image_model().objects.create(
        title="Ảnh thử", file=get_test_image_file(), collection=root, uploaded_by_user=writer
    )
    sound = get_media_model().objects.create(
        title="Tiếng thử", type="audio", duration=3, file=ContentFile(b"mp3", "thu.mp3"), collection=root
    )
    topic = TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")
    lesson = tree.vi
    older = lesson.save_revision(user=writer)
    lesson.summary = "Tóm tắt đã sửa."
    newer = lesson.save_revision(user=writer)
    waiting = LessonPage.objects.filter(locale__language_code="vi").exclude(pk=lesson.pk).first()
    assert waiting is not None
    waiting.save_revision(user=writer)
    state = waiting.get_workflow().start(waiting, writer)
    page, pages = lesson.pk, "wagtailadmin_pages"
    named: list[tuple[str, *tuple[object, ...]]] = [
        ("wagtailadmin_home",), ("wagtailadmin_explore_root",), ("wagtailadmin_account",),
        ("wagtailadmin_explore", topic.pk), ("wagtailadmin_explore", topic.get_parent().pk), (f"{pages}:search",),
        (f"{pages}:add_subpage", topic.pk), (f"{pages}:add", "learning", "lessonpage", topic.pk),
        (f"{pages}:edit", page), (f"{pages}:edit", waiting.pk), (f"{pages}:edit", topic.pk),
        (f"{pages}:history", page), (f"{pages}:usage", page), (f"{pages}:copy", page), (f"{pages}:move", page),
        (f"{pages}:delete", page), (f"{pages}:unpublish", page), (f"{pages}:set_privacy", page),
        (f"{pages}:workflow_history", waiting.pk), (f"{pages}:workflow_history_detail", waiting.pk, state.pk),
        (f"{pages}:workflow_action", waiting.pk, "approve", state.current_task_state.pk),
        (f"{pages}:workflow_action", waiting.pk, "reject", state.current_task_state.pk),
        (f"{pages}:confirm_workflow_cancellation", waiting.pk),
        (f"{pages}:revisions_compare", page, older.pk, newer.pk),
        (f"{pages}:revisions_compare", page, "live", newer.pk),
        (f"{pages}:revisions_revert", page, older.pk), (f"{pages}:type_use", "learning", "lessonpage"),
        ("wagtailadmin_choose_page",), ("wagtailadmin_choose_page_external_link",),
        ("wagtailadmin_choose_page_email_link",), ("wagtailadmin_choose_page_phone_link",),
        ("wagtailadmin_choose_page_anchor_link",), ("simple_translation:submit_page_translation", page),
        ("wagtailimages:index",), ("wagtailimages:add",), ("wagtailimages:add_multiple",),
        ("wagtailimages:edit", image.pk), ("wagtailimages:delete", image.pk), ("wagtailimages:image_usage", image.pk),
        ("wagtailimages_chooser:choose",), ("wagtailimages_chooser:create",),
        ("wagtailmedia:index",), ("wagtailmedia:add", "audio"), ("wagtailmedia:edit", sound.pk),
        ("wagtailmedia:delete", sound.pk), ("wagtailmedia:media_usage", sound.pk),
        ("wagtailmedia:chooser_typed", "audio"),
        ("wagtaildocs:index",), ("wagtaildocs_chooser:choose",), ("wagtailembeds:chooser",),
        ("wagtailsnippets:index",), ("wagtailsearchpromotions:index",), ("wagtailsearchpromotions:add",),
        ("wagtailadmin_reports:locked_pages",), ("wagtailadmin_reports:workflow",),
        ("wagtailadmin_reports:workflow_tasks",), ("wagtailadmin_reports:site_history",),
        ("wagtailadmin_reports:aging_pages",), ("wagtailadmin_reports:page_types_usage",),
        ("wagtailsearchpromotions:search_terms",), ("learning_stuck_map",), ("wagtailadmin_workflows:index",),
        ("wagtailadmin_collections:index",), ("wagtailredirects:index",), ("wagtailusers_users:index",),
        ("wagtailadmin_workflows:task_index",), ("wagtailadmin_collections:add",), ("wagtailsites:add",),
        ("wagtailredirects:add",), ("wagtailredirects:start_import",), ("wagtailusers_users:add",),
        ("wagtailusers_groups:index",), ("wagtailusers_groups:add",),
    ]  # fmt: skip
    urls = [reverse(name, args=values) for name, *values in named]
    for model in get_snippet_models():
        base = model.snippet_viewset.get_url_name
        row = model._default_manager.first()
        for name, values in [("list", []), ("add", [])] + [
            (name, [row.pk]) for name in ("edit", "delete", "history", "usage") if row is not None
        ]:
            try:
                urls.append(reverse(base(name), args=values))
            except NoReverseMatch:
                continue  # this kind has no such page
    urls += [f"{reverse('wagtailadmin_explore', args=[topic.pk])}?q=xyzzy", f"{reverse('wagtailimages:index')}?q=xyzzy"]
    for kind in ("delete", "move", "publish", "unpublish"):
        urls.append(f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', kind])}?id={page}")
    return urls


@pytest.mark.parametrize(("group", "least"), [("Soạn bài", 45), ("Duyệt bài", 55), (None, 75)])
def test_no_page_shows_the_packages_english(places: list[str], client: Client, group: str | None, least: int) -> None:
    signed_in(group, client)
    opened, leaked = 0, []
    for url in places:
        response = client.get(url)
        if response.status_code != 200:
            assert response.status_code in {302, 403, 404, 405}, url
            continue
        opened += 1
        html = response.content.decode()
        if response["Content-Type"].startswith("application/json"):
            html = json.loads(html).get("html", "")
        leaked += [f"{url}: {text}" for text in english_in(html)]
    assert leaked == []
    assert opened >= least


def test_the_sweep_would_see_english() -> None:
    html = """<p>Save draft</p><i>Edit this page</i><a title="Add a child page to 'Khám bệnh'">Trang</a>
        <!-- Publish --><script>Publish</script><b>Published</b>"""
    assert len(english_in(html)) == 4


def test_the_scripts_get_vietnamese(tree: Tree, client: Client) -> None:
    signed_in("Soạn bài", client)
    script = client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    spoken = dict(re.findall(r'^\s+"((?:[^"\\]|\\.)+)": "((?:[^"\\]|\\.)*)"', script, re.MULTILINE))
    assert json.loads(f'"{spoken["Reload the page"]}"') == "Tải lại trang"
