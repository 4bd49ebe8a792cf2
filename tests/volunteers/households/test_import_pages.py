"""A lead brings a file in the browser: checked, columns chosen, taken in, rejected rows given back, the file gone."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from project.accounts.models import User
from project.lib import clock
from project.lib.spreadsheets import read_table
from tests.cast import Cast
from tests.factories.people import make_user
from tests.factories.rosters import roster_csv, roster_xlsx
from volunteers.areas.models import Area, ImportRun
from volunteers.audit.models import AuditEntry
from volunteers.households import deliver, tasks
from volunteers.households.models import Household
from volunteers.teams.models import Invitation

pytestmark = pytest.mark.usefixtures("services")
HEAD = ["Thôn", "Ngõ", "Gọi là", "Ghi chú"]
GOOD, BAD = ["Thôn 1", "Ngõ 3", "bà Tư", ""], ["Thôn 9", "Ngõ 4, CCCD 001200012345", "ông Năm", ""]


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(
    cast: Cast, commit: DjangoCaptureOnCommitCallbacks, data: bytes, *, kind: str = "households", name: str = "ho.csv"
) -> ImportRun:
    client = signed(cast.minh)
    form = {"area": cast.commune.pk, "kind": kind, "file": SimpleUploadedFile(name, data)}
    with commit(execute=True):
        answer = client.post(reverse("households:import_new"), form)
    run = ImportRun.objects.latest("pk")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("households:import_detail", args=[run.pk])
    return run


def kept(run: ImportRun) -> list[str]:
    return [name for name in storages["private"].listdir("imports")[1] if str(run.pk) in name]


def post(cast: Cast, run: ImportRun, act: str, commit: DjangoCaptureOnCommitCallbacks, **data: Any) -> Any:
    columns = {f"column_{key}": header for key, header in run.mapping.items()}
    with commit(execute=True):
        return signed(cast.minh).post(reverse(f"households:import_{act}", args=[run.pk]), columns | data)


def page(user: User, run: ImportRun, name: str = "import_detail") -> Any:
    return signed(user).get(reverse(f"households:{name}", args=[run.pk]))


def test_a_lead_brings_a_list(cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    commit = django_capture_on_commit_callbacks
    run = send(cast, commit, roster_csv([GOOD, BAD], HEAD))
    assert run.status == "checked"
    assert run.check_report["created"] == 1
    assert not Household.objects.exists()
    text = page(cast.minh, run).content.decode()
    assert "Ghi chú" in text
    assert "001200012345" not in text
    assert "Thôn 9" in text
    post(cast, run, "confirm", commit)
    run.refresh_from_db()
    assert (run.status, run.report["created"], run.report["rejected_rows"]) == ("done", 1, 1)
    assert (run.processed, run.total) == (2, 2)
    assert Household.objects.get().call_name == "bà Tư"
    assert run.file_path == ""
    assert kept(run) == [f"{run.pk}-rejected.csv"]
    assert AuditEntry.objects.filter(action="import.finished", object_id=str(run.pk)).count() == 1
    done = page(cast.minh, run)
    assert reverse("households:list") in done.content.decode()


def test_the_rejected_rows_come_back_as_the_same_kind_of_file(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = send(cast, django_capture_on_commit_callbacks, roster_xlsx([GOOD, BAD], HEAD), name="ho.xlsx")
    answer = page(cast.minh, run, "import_rejected")
    data = answer.content
    table = read_table(io.BytesIO(data), "loi.xlsx")
    assert table.headers == [*HEAD, "Lỗi"]
    rows = [values for _number, values in table]
    assert len(rows) == 1
    assert rows[0]["Gọi là"] == "ông Năm"
    assert "001200012345" not in str(rows)
    assert rows[0]["Lỗi"]
    for outsider in (cast.son, cast.tung, cast.hoa):
        assert page(outsider, run, "import_rejected").status_code == 404
    assert page(cast.lan, run, "import_rejected").status_code == 200


def test_nobody_else_learns_of_an_import(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = send(cast, django_capture_on_commit_callbacks, roster_csv([GOOD, BAD], HEAD))
    outsiders = [cast.son, cast.tung, cast.hoa, make_user()]
    for user in outsiders:
        for name in ("import_detail", "import_progress", "import_rejected"):
            assert page(user, run, name).status_code == 404
        for name in ("import_recheck", "import_confirm", "import_discard"):
            assert signed(user).post(reverse(f"households:{name}", args=[run.pk])).status_code == 404
        assert signed(user).get(reverse("households:import_new")).status_code == 404
        assert signed(user).get(reverse("households:import_template", args=["households"])).status_code == 404
    anonymous = Client().get(reverse("households:import_detail", args=[run.pk]))
    assert anonymous.status_code == 302
    assert "/accounts/login/" in anonymous["Location"]
    run.refresh_from_db()
    assert run.status == "checked"


def test_a_lead_cannot_send_a_list_for_another_commune(cast: Cast) -> None:
    form = {"area": cast.far.pk, "kind": "households", "file": SimpleUploadedFile("ho.csv", roster_csv([GOOD], HEAD))}
    answer = signed(cast.minh).post(reverse("households:import_new"), form)
    assert answer.status_code == 200
    assert not ImportRun.objects.exists()


def test_columns_are_chosen_when_the_file_calls_them_otherwise(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    commit = django_capture_on_commit_callbacks
    run = send(cast, commit, roster_csv([GOOD], ["Xóm", "Chỗ ở", "Gọi là", "Ghi chú"]))
    assert run.status == "checked"
    assert run.check_report["refused"]["column"] == "Thôn/Ấp/Khu phố"
    post(cast, run, "confirm", commit)
    run.refresh_from_db()
    assert run.status == "checked"
    assert not Household.objects.exists()
    post(cast, run, "recheck", commit, column_hamlet="Xóm", column_lane="Chỗ ở")
    run.refresh_from_db()
    assert (run.status, run.check_report["created"]) == ("checked", 1)
    post(cast, run, "confirm", commit)
    assert Household.objects.get().lane == "Ngõ 3"


def test_one_column_cannot_stand_for_two_things(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    commit = django_capture_on_commit_callbacks
    run = send(cast, commit, roster_csv([GOOD], HEAD))
    answer = post(cast, run, "recheck", commit, column_call_name="Ngõ")
    assert answer.status_code == 422
    run.refresh_from_db()
    assert run.mapping["call_name"] == "Gọi là"


def test_options_create_hamlets_and_bring_up_to_date(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    commit = django_capture_on_commit_callbacks
    run = send(cast, commit, roster_csv([["Ấp Tân Lập", "Ngõ 3", "bà Tư", ""]], HEAD))
    assert run.check_report["created"] == 0
    post(cast, run, "recheck", commit, create_hamlets="on", on_duplicate="update")
    run.refresh_from_db()
    assert (run.check_report["created"], run.options["on_duplicate"]) == (1, "update")
    post(cast, run, "confirm", commit, create_hamlets="on", on_duplicate="update")
    assert Area.objects.get(name="Tân Lập").households.count() == 1


def test_a_file_with_id_numbers_is_refused_and_deleted_at_once(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    data = roster_csv([["Thôn 1", "Ngõ 3", "001200012345"]], ["Thôn", "Ngõ", "Số CCCD"])
    run = send(cast, django_capture_on_commit_callbacks, data)
    assert (run.status, run.file_path) == ("refused", "")
    text = page(cast.minh, run).content.decode()
    assert "Số CCCD" in text
    assert "001200012345" not in text
    assert AuditEntry.objects.filter(action="import.refused").count() == 1


def test_an_old_format_is_refused_with_what_to_do(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    run = send(cast, django_capture_on_commit_callbacks, data, name="ho.xls")
    assert run.status == "refused"
    assert ".xlsx" in page(cast.minh, run).content.decode()


def test_a_fault_of_ours_is_told_kindly_and_the_file_goes(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = django_capture_on_commit_callbacks
    run = send(cast, commit, roster_csv([GOOD], HEAD))

    def fail(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(deliver.roster, "import_households", fail)
    post(cast, run, "confirm", commit)
    run.refresh_from_db()
    assert (run.status, run.file_path) == ("failed", "")
    answer = page(cast.minh, run)
    assert answer.status_code == 200
    assert "a secret detail" not in answer.content.decode()


def test_a_run_is_worked_on_once(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = send(cast, django_capture_on_commit_callbacks, roster_csv([GOOD], HEAD))
    assert deliver.confirm_import(run, by=cast.minh)
    assert not deliver.confirm_import(run, by=cast.minh)
    worked: list[Any] = []
    monkeypatch.setattr(deliver, "_work", lambda run_id, *, dry_run: worked.append(run_id))
    tasks.run_import.call_local(str(run.pk))
    tasks.run_import.call_local(str(run.pk))
    assert worked == [run.pk]
    assert not deliver.discard_import(run, by=cast.minh)


def test_a_discarded_file_is_gone(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    commit = django_capture_on_commit_callbacks
    run = send(cast, commit, roster_csv([GOOD, BAD], HEAD))
    post(cast, run, "discard", commit)
    run.refresh_from_db()
    assert (run.status, run.file_path, run.rejected_path) == ("discarded", "", "")
    assert kept(run) == []


def test_the_sweep_deletes_what_nobody_decided_on_and_forgets_words(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monday: clock.FrozenClock
) -> None:
    commit = django_capture_on_commit_callbacks
    left = send(cast, commit, roster_csv([GOOD], HEAD))
    done = send(cast, commit, roster_csv([GOOD, BAD], HEAD))
    post(cast, done, "confirm", commit)
    monday.advance(timedelta(minutes=61))
    tasks.sweep_imports.call_local()
    left.refresh_from_db()
    done.refresh_from_db()
    assert (left.status, left.file_path) == ("discarded", "")
    assert done.rejected_path
    assert "Thôn 9" in str(done.report)
    monday.advance(timedelta(hours=24))
    tasks.sweep_imports.call_local()
    done.refresh_from_db()
    assert done.rejected_path == ""
    assert "Thôn 9" not in str(done.report)
    assert done.report["rejected_rows"] == 1
    assert page(cast.minh, done, "import_rejected").status_code == 404


def test_the_sweep_finds_lost_nudges_and_dead_workers(cast: Cast, monday: clock.FrozenClock) -> None:
    file = io.BytesIO(roster_csv([GOOD], HEAD))
    lost = deliver.start_import(cast.commune, by=cast.minh, kind="households", file=file, name="ho.csv")
    file.seek(0)
    dead = deliver.start_import(cast.commune, by=cast.minh, kind="households", file=file, name="ho.csv")
    ImportRun.objects.filter(pk=dead.pk).update(status="running", claimed_at=clock.now())
    monday.advance(timedelta(minutes=11))
    tasks.sweep_imports.call_local()
    lost.refresh_from_db()
    dead.refresh_from_db()
    assert lost.status == "checked"
    assert (dead.status, dead.file_path) == ("failed", "")


def test_the_fragment_tells_how_far_it_is(cast: Cast) -> None:
    file = io.BytesIO(roster_csv([GOOD], HEAD))
    run = deliver.start_import(cast.commune, by=cast.minh, kind="households", file=file, name="ho.csv")
    ImportRun.objects.filter(pk=run.pk).update(status="running", processed=500, total=2_000)
    text = page(cast.minh, run, "import_progress").content.decode()
    assert "<html" not in text
    assert "2.000" in text
    assert "data-done" not in text
    whole = page(cast.minh, run).content.decode()
    assert f'data-watch="import:{run.pk}"' in whole


def test_progress_is_told_in_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(deliver, "tell", lambda topics: told.extend(topics))
    file = io.BytesIO(roster_csv([GOOD], HEAD))
    run = deliver.start_import(cast.commune, by=cast.minh, kind="households", file=file, name="ho.csv")
    progress = deliver._teller(run)
    for done in range(1, 10_001):
        progress(done, 10_000)
    assert told == [f"import:{run.pk}"] * 50


@pytest.mark.parametrize("kind", ["households", "hamlets", "volunteers"])
def test_the_empty_lists_can_be_sent_as_they_are(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, kind: str
) -> None:
    commit = django_capture_on_commit_callbacks
    answer = signed(cast.minh).get(reverse("households:import_template", args=[kind]))
    data = answer.content
    run = send(cast, commit, data, kind=kind, name="mau.xlsx")
    post(cast, run, "recheck", commit, create_teams="on")
    run.refresh_from_db()
    assert (run.status, run.check_report["read"], run.check_report["rejected"]) == ("checked", 2, [])
    post(cast, run, "confirm", commit, create_teams="on")
    run.refresh_from_db()
    assert run.status == "done"
    assert run.report["read"] == 2
    text = page(cast.minh, run).content.decode()
    if kind == "volunteers":
        assert reverse("teams:invitation_sheets") in text
        assert Invitation.objects.filter(scope=cast.commune.scope).count() == 2
        assert not any(row.code in str(run.report) for row in Invitation.objects.all())


def test_other_kinds_are_refused_clearly(cast: Cast) -> None:
    form = {"area": cast.commune.pk, "kind": "targets", "file": SimpleUploadedFile("a.csv", roster_csv([GOOD], HEAD))}
    answer = signed(cast.minh).post(reverse("households:import_new"), form)
    assert answer.status_code == 200
    assert answer.context["form"].errors["kind"]
    with pytest.raises(deliver.Refusal):
        deliver.start_import(cast.commune, by=cast.minh, kind="targets", file=io.BytesIO(b"a"), name="a.csv")


def test_a_file_over_8_mb_is_not_taken(cast: Cast, settings: Any) -> None:
    big = SimpleUploadedFile("ho.csv", b"x" * (8 * 1024 * 1024 + 1))
    form = {"area": cast.commune.pk, "kind": "households", "file": big}
    answer = signed(cast.minh).post(reverse("households:import_new"), form)
    assert answer.context["form"].errors["file"]
    assert not ImportRun.objects.exists()
