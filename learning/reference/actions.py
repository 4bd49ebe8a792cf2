"""Verbs of the reusable pieces: their search keys, and a new version of an app."""

from learning.reference.models import Procedure, ServicePoint
from project.lib import vietnamese


def search_key_of_procedure(row: Procedure) -> str:
    """Everything a search looks at, folded."""
    return vietnamese.fold("\n".join([row.name_vi, row.name_en, row.keywords, row.papers_vi]), loose=True)


def search_key_of_point(row: ServicePoint) -> str:
    """Everything a search looks at, folded."""
    return vietnamese.fold("\n".join([row.name_vi, row.name_en, row.address]), loose=True)
