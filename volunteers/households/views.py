"""Pages of leads: the roster of households, and the files that fill it. Volunteers never get these pages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from project.accounts.models import User
from project.lib import phone as phones
from project.lib.after_commit import nudge
from project.lib.refusal import Refusal
from volunteers.access.guards import allowed, signed_in
from volunteers.access.policy import can_somewhere
from volunteers.areas.models import Area, ImportRun
from volunteers.areas.queries import hamlets_of
from volunteers.households import actions, deliver
from volunteers.households.forms import ColumnsForm, HouseholdForm, UploadForm
from volunteers.households.models import Household
from volunteers.households.queries import found_by_words, pool_counts
from volunteers.households.rules import good_time_words
from volunteers.households.sheets import example_sheet
from volunteers.households.tasks import check_import, run_import
from volunteers.teams.rules import LANGUAGE_NAMES

PAGE_SIZE = 50
SHOWN_FAULTS = 100
UNDER_WAY = (
    ImportRun.Status.UPLOADED, ImportRun.Status.CHECKING, ImportRun.Status.QUEUED, ImportRun.Status.RUNNING,
)  # fmt: skip
LEAVING = (ImportRun.Status.UPLOADED, ImportRun.Status.CHECKED, ImportRun.Status.QUEUED)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def lead(request: HttpRequest, permission: str = "household.view") -> User:
    """The person who asks, if a lead somewhere; these pages do not exist for anybody else."""
    user = request.user
    if not isinstance(user, User) or not can_somewhere(user, permission):
        raise Http404
    return user


# -- The roster --------------------------------------------------------------------------------------------------------


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by ?area=, ?status=, ?hamlet=, ?page=. Words about people come by POST: no log has them."""
    user = lead(request)
    area = _area(user, request.GET.get("area", ""))
    rows = Household.objects.visible_to(user).exclude(status=Household.Status.MERGED)
    if area is not None:
        rows = rows.beneath(area.scope)
    hamlet, status = request.GET.get("hamlet", ""), request.GET.get("status", "")
    narrowed = rows.filter(hamlet=hamlet) if hamlet else rows
    narrowed = narrowed.filter(status=status) if status in Household.Status.values else narrowed
    words = request.POST.get("words", "").strip()[:60]
    if words:
        page = Paginator(found_by_words(narrowed, words), 100).page(1)
    else:
        ordered = narrowed.select_related("hamlet").prefetch_related("needs")
        ordered = ordered.order_by("commune__sort_key", "hamlet__sort_key", "lane_order", "code")
        page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = pool_counts(area) if area is not None else {}
    statuses = [
        {"value": value, "label": label, "count": counts.get(value)}
        for value, label in Household.Status.choices
        if value != Household.Status.MERGED
    ]
    context = {
        "page_obj": page, "area": area, "communes": _communes(user), "words": words, "status": status,
        "statuses": statuses, "hamlet": hamlet, "hamlets": _hamlets(area),
        "is_empty": not words and not rows.exists(), "call_first": counts.get("call_first", 0),
    }  # fmt: skip
    return render(request, "volunteers/households/list.html", context)


@signed_in
@never_cache
@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What we know of one household; its number stays hidden."""
    user = lead(request)
    return _detail(request, allowed(user, "household.view", _household(user, pk)))


@signed_in
@never_cache
@require_POST
def show_phone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same page with the number, once; the look is written down."""
    user = lead(request)
    household = _household(user, pk)
    allowed(user, "household.manage", household)
    number = actions.reveal_phone(household, by=user)
    return _detail(request, household, phone=phones.local(number) if number else "")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A household by hand, in the commune of ?area=."""
    user = lead(request, "household.manage")
    commune = _chosen_commune(user, request.GET.get("area", ""))
    if commune is None:
        return redirect("households:list")
    form = HouseholdForm(commune, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            household = actions.create_household(
                form.cleaned_data["hamlet"], by=user, code=form.cleaned_data["code"], **form.details()
            )
        except Refusal as refusal:
            form.add_error("code" if refusal.code == "code_taken" else None, str(refusal))
        else:
            messages.success(request, _("The household is on the list."))
            return redirect("households:detail", household.pk)
    return render(request, "volunteers/households/edit.html", {"form": form, "commune": commune})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a household."""
    user = lead(request, "household.manage")
    household = allowed(user, "household.manage", _household(user, pk))
    form = HouseholdForm(household.commune, request.POST or None, household=household)
    if request.method == "POST" and form.is_valid():
        actions.update_household(household, by=user, hamlet=form.cleaned_data["hamlet"], **form.details())
        messages.success(request, _("Saved."))
        return redirect("households:detail", household.pk)
    context = {"form": form, "commune": household.commune, "household": household}
    return render(request, "volunteers/households/edit.html", context)


@signed_in
@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody should come any more."""
    user = lead(request, "household.manage")
    household = allowed(user, "household.manage", _household(user, pk))
    try:
        actions.retire_household(household, by=user, status=request.POST.get("status", ""))
        messages.success(request, _("Nobody will be sent to this door. What was done stays in the reports."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("households:detail", household.pk)


@signed_in
@require_POST
def reactivate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Back into the pool."""
    user = lead(request, "household.manage")
    household = allowed(user, "household.manage", _household(user, pk))
    if actions.reactivate_household(household, by=user):
        messages.success(request, _("This household waits for a visit again."))
    return redirect("households:detail", household.pk)


def _detail(request: HttpRequest, household: Household, phone: str = "") -> HttpResponse:
    context = {
        "household": household, "phone": phone, "needs": household.needs.all(),
        "good_time": good_time_words(household.good_time, english=get_language() == "en"),
        "language": LANGUAGE_NAMES.get(household.language, household.language),
        "persons": household.persons.order_by("slot"), "notes": household.notes.order_by("-recorded_at")[:10],
        "is_open": household.status in (Household.Status.WAITING, Household.Status.SERVED),
    }  # fmt: skip
    return render(request, "volunteers/households/detail.html", context)


def _household(user: User, pk: UUID) -> Household:
    rows = Household.objects.visible_to(user).select_related("hamlet", "commune__parent")
    return get_object_or_404(rows, pk=pk)


def _communes(user: User) -> Any:
    return Area.objects.visible_to(user).communes().select_related("parent")


def _area(user: User, code: str) -> Area | None:
    """The area of ?area= if the person may see it; the own commune of a lead with only one; else None."""
    if code:
        return get_object_or_404(Area.objects.visible_to(user), code=code)
    return _chosen_commune(user, "")


def _chosen_commune(user: User, code: str) -> Area | None:
    if code:
        return get_object_or_404(_communes(user), code=code)
    own = list(_communes(user)[:2])
    return own[0] if len(own) == 1 else None


def _hamlets(area: Area | None) -> Any:
    return hamlets_of(area) if area is not None and area.level == Area.Level.COMMUNE else []


# -- Imports -----------------------------------------------------------------------------------------------------------


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Bring a file; ?area= and ?kind= are chosen beforehand."""
    user = lead(request, "import.run")
    communes = _communes(user)
    chosen = _chosen_commune(user, request.GET.get("area", ""))
    kind = request.GET.get("kind") or ImportRun.Kind.HOUSEHOLDS
    form = UploadForm(
        communes, request.POST or None, request.FILES or None, initial={"area": chosen and chosen.pk, "kind": kind}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = deliver.start_import(
                data["area"], by=user, kind=data["kind"], file=data["file"], name=data["file"].name
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            nudge(check_import, str(run.pk))
            return redirect("households:import_detail", run.pk)
    runs = ImportRun.objects.visible_to(user).select_related("area").order_by("-created_at")
    context = {"form": form, "area": chosen, "runs": (runs.filter(area=chosen) if chosen else runs)[:10]}
    return render(request, "volunteers/households/import_new.html", context)


@signed_in
@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty list of that kind with our headers and two invented rows."""
    lead(request, "import.run")
    if kind not in deliver.KINDS:
        raise Http404
    sheet = example_sheet(kind, deliver.KINDS[kind].columns)
    return _download(sheet, f"go-cua-{kind}.xlsx", XLSX)


@signed_in
@never_cache
@require_safe
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file on its way: checked, the columns, taken in, the report."""
    return render(request, "volunteers/households/import_detail.html", _run_context(_run(request, pk)))


@signed_in
@never_cache
@require_safe
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What moves on that page, alone."""
    return render(request, "volunteers/households/_import.html", _run_context(_run(request, pk)))


@signed_in
@require_POST
def import_recheck(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Other columns or options: check once more."""
    run = _run(request, pk)
    form = _columns_form(run, request.POST)
    if form is None or not form.is_valid():
        return _invalid(request, run, form)
    if deliver.recheck_import(run, by=lead(request), mapping=form.mapping(), options=form.options()):
        nudge(check_import, str(run.pk))
    return redirect("households:import_detail", run.pk)


@signed_in
@require_POST
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it in, with the options of the form; columns that were changed since the check are checked first."""
    run = _run(request, pk)
    form = _columns_form(run, request.POST)
    if form is None or not form.is_valid():
        return _invalid(request, run, form)
    if form.mapping() != run.mapping:
        return import_recheck(request, pk)
    try:
        if deliver.confirm_import(run, by=lead(request), options=form.options()):
            nudge(run_import, str(run.pk))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("households:import_detail", run.pk)


@signed_in
@require_POST
def import_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw the file away."""
    run = _run(request, pk)
    if deliver.discard_import(run, by=lead(request)):
        messages.success(request, _("The file was deleted. Nothing was taken in."))
        return HttpResponseRedirect(f"{reverse('households:import_new')}?area={run.area_id}&kind={run.kind}")
    messages.error(request, _("It was too late: this file is being taken in or has been already."))
    return redirect("households:import_detail", run.pk)


@signed_in
@never_cache
@require_safe
def import_rejected(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows that were left out, as a file like the one that came, with the column «Lỗi»."""
    run = _run(request, pk)
    file = deliver.open_rejected(run)
    if file is None:
        raise Http404
    suffix = run.rejected_path.rpartition(".")[2]
    content_type = XLSX if suffix == "xlsx" else "text/csv; charset=utf-8"
    with file:
        return _download(file.read(), f"go-cua-loi.{suffix}", content_type)


def _download(data: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(data, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _run(request: HttpRequest, pk: UUID) -> ImportRun:
    user = lead(request, "import.run")
    run = get_object_or_404(ImportRun.objects.visible_to(user).select_related("area__parent", "created_by"), pk=pk)
    allowed(user, "import.run", run)
    return run


def _columns_form(run: ImportRun, data: Any = None) -> ColumnsForm | None:
    kind = deliver.KINDS.get(run.kind)
    return ColumnsForm(run, kind.columns, data) if kind is not None else None


def _invalid(request: HttpRequest, run: ImportRun, form: ColumnsForm | None) -> HttpResponse:
    context = _run_context(run) | {"form": form}
    return render(request, "volunteers/households/import_detail.html", context, status=422)


def _run_context(run: ImportRun) -> dict[str, Any]:
    is_ready = run.status == ImportRun.Status.CHECKED
    report = run.report or run.check_report
    rejected = report.get("rejected", [])
    used = set(run.mapping.values())
    return {
        "run": run, "report": report, "refused": report.get("refused"), "is_ready": is_ready,
        "is_under_way": run.status in UNDER_WAY, "may_discard": run.status in LEAVING,
        "form": _columns_form(run) if is_ready else None,
        "ignored": [header for header in run.headers if header not in used],
        "faults": rejected[:SHOWN_FAULTS], "more_faults": max(0, len(rejected) - SHOWN_FAULTS),
        "new_or_known": report.get("created", 0) + report.get("updated", 0),
    }  # fmt: skip
