"""A verb's «no»: a code for programs and a sentence for people."""

from django.utils.functional import Promise


class Refusal(ValueError):
    """What was asked cannot be done to this row now. `code` is stable, `message` may be translated late.

    Not for missing rights: those raise PermissionDenied (access.policy.require).
    """

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
