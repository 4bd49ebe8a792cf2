"""Writing the trail and listening to it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

from project.accounts.models import User
from volunteers.audit.models import AuditEntry, plain

logger = logging.getLogger(__name__)
Handler = Callable[[AuditEntry], None]
_handlers: list[Handler] = []
_is_quiet: ContextVar[bool] = ContextVar("audit_is_quiet", default=False)


def subscribe(handler: Handler) -> None:
    """Call `handler(entry)` after the commit of every recorded entry. Only `volunteers/apps.py` subscribes."""
    if handler not in _handlers:
        _handlers.append(handler)


def record(
    action: str, obj: models.Model | tuple[str, str], *, by: User | None, scope: str | None = None, **data: Any
) -> AuditEntry:
    """Append one entry in the caller's transaction. `by` None means the system itself.

    `obj` is the row it was done to; work that is about no single row (retention) names its kind and a key instead.
    `data` holds ids, codes, counts and names of fields: never a person's words, name or number (ASVS 16.2.5).
    Subscribers run on commit; one that fails is logged and does not undo the verb.
    """
    entry = AuditEntry.objects.create(
        action=action,
        object_type=obj[0] if isinstance(obj, tuple) else type(obj).__name__,
        object_id=obj[1] if isinstance(obj, tuple) else str(obj.pk),
        scope=scope if scope is not None else str(getattr(obj, "scope_path", "")),
        actor_id=by.pk if by is not None else None,
        detail=plain(data),
    )
    if not _is_quiet.get():
        transaction.on_commit(lambda: _tell(entry))
    return entry


@contextmanager
def quietly() -> Iterator[None]:
    """Entries recorded inside are kept and sealed like all others, but told to no subscriber.

    For a past that is filled in (the demo province): nobody is to be notified of three weeks that never were.
    """
    before = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(before)


def _tell(entry: AuditEntry) -> None:
    for handler in _handlers:
        try:
            handler(entry)
        except Exception:
            logger.exception("subscriber %s failed on entry %s", handler, entry.pk)
