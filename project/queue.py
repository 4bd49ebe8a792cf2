"""Wagtail's background work on our queue, but for its two indexes."""

from typing import Any

from django_tasks.backends.immediate import ImmediateBackend
from huey.contrib.djhuey.tasks_backend import HueyBackend

# Two workers indexing one page at once both insert its first row and one fails on the unique key (tried); saving a
# page enqueues several such tasks. Each takes milliseconds, so they run where the page is saved.
INLINE = {"modelsearch.tasks.insert_or_update_object_task", "wagtail.tasks.update_reference_index_task"}


class WagtailBackend(HueyBackend):
    """huey's backend; the search and reference indexes are written in the process that saves."""

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self._inline = ImmediateBackend(alias, params)

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Queue the task, or run it now if it is one of the indexes."""
        if task.module_path in INLINE:
            return self._inline.enqueue(task, args, kwargs)
        return super().enqueue(task, args, kwargs)
