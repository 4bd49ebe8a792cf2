"""Pictures and recordings lie in collections: a test with real commits, run before, may have emptied their table."""

import pytest
from wagtail.models import Collection


@pytest.fixture(autouse=True)
def root_collection(db: None) -> None:
    """The collection that Wagtail's migration makes."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
