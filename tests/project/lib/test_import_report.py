"""The report of an import: figures that add up, secrets that do not show."""

import json

import pytest

from project.lib.import_report import ImportReport


def test_a_row_with_two_faults_counts_once() -> None:
    report = ImportReport(read=4, created=1, updated=1, duplicates=1, ignored_columns=["Ghi chú"])
    report.reject(3, "Thôn", "x", "unknown")
    report.reject(3, "Ngõ", "", "missing")
    answer = report.to_json()
    assert report.rejected_rows == {3}
    assert not report.is_clean
    assert len(answer["rejected"]) == 2
    assert answer["ignored_columns"] == ["Ghi chú"]
    assert "refused" not in answer
    assert json.loads(json.dumps(answer)) == answer


def test_figures_that_do_not_add_up_are_a_fault() -> None:
    with pytest.raises(ValueError):
        ImportReport(read=2, created=1).to_json()


def test_secrets_are_masked_and_long_values_cut() -> None:
    report = ImportReport(read=2)
    report.reject(2, "Ngõ", "CCCD 001200012345", "no")
    report.reject(3, "Ngõ", "x" * 500, "long")
    first, second = report.to_json()["rejected"]
    assert first["value"] == "CCCD ••••••••••••"
    assert len(second["value"]) == 80


def test_a_refused_file_has_no_figures() -> None:
    report = ImportReport.refuse("delete it", "CCCD")
    assert not report.is_clean
    answer = report.to_json()
    assert answer.pop("refused") == {"column": "CCCD", "error": "delete it"}
    assert not any(answer.values())
    assert ImportReport().is_clean
