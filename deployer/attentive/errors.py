"""What can go wrong with a call to Attentive.

AttentiveError
├── Refused        400 and other 4xx: Attentive doesn't accept the request
├── WrongKey       401: Attentive doesn't know the key (or no key can look like this one)
├── MissingScope   403: the key's app lacks a permission
├── NotFound       404: nothing under this id
├── TooMany        429, still after several tries
├── ServerFailed   5xx
├── NoAnswer       the connection couldn't be made, was lost, or timed out
└── Unreadable     an answer that isn't JSON, was cut off, or lacks what the contract says

No error holds the key, the query, a body that was sent, or the body of the answer: an answer can echo personal data.
"""

# ruff: noqa: N818 - the names say what happened, as callers read them: `except NotFound`

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from deployer.errors import DeployerError

Arrived: TypeAlias = Literal["no", "unknown"]
"""Whether a request reached Attentive."""


class AttentiveError(DeployerError):
    """A call that failed.

    ``operation`` is the call without its values (``POST /v1/events/custom``), empty before the first; ``status`` is
    the HTTP status or ``None``; ``hint`` says what to do. ``may_have_happened`` is True where Attentive may have done
    what was asked all the same, so that a create must be looked up before it is repeated.
    """

    what: ClassVar[str] = "the call failed"
    advice: ClassVar[str] = "try again"
    unsure: ClassVar[bool] = False

    def __init__(
        self,
        operation: str,
        status: int | None = None,
        *,
        what: str = "",
        hint: str = "",
        may_have_happened: bool | None = None,
    ) -> None:
        answer = f" (status {status})" if status is not None else ""
        place = f"{operation}: " if operation else ""
        super().__init__(f"{place}{what or self.what}{answer}")
        self.operation = operation
        self.status = status
        self.hint = hint or self.advice
        self.may_have_happened = self.unsure if may_have_happened is None else may_have_happened


class Refused(AttentiveError):
    """Attentive doesn't accept the request: nothing was done."""

    what = "Attentive refused the request"
    advice = "check the names, values and ids that are sent against Attentive's rules; the same request fails again"


class WrongKey(AttentiveError):
    """Attentive doesn't accept the key."""

    what = "Attentive doesn't accept the API key"
    advice = (
        "check the environment variable that holds the key; a new key is made in Attentive under "
        "Marketplace > Built by you > the app"
    )


class MissingScope(AttentiveError):
    """The key's app lacks a permission; ``scope`` names it (``events:write``), empty where the call needs none."""

    what = "Attentive doesn't allow this to the key's app"

    def __init__(
        self, operation: str, status: int | None = None, *, scope: str = "", may_have_happened: bool | None = None
    ) -> None:
        super().__init__(
            operation,
            status,
            what=f"the key's app lacks the permission {scope}" if scope else "",
            hint=_permission_hint(scope),
            may_have_happened=may_have_happened,
        )
        self.scope = scope


class NotFound(AttentiveError):
    """Attentive has nothing under this id for the key's app."""

    what = "Attentive found nothing under this id"
    advice = "check the id, and that the key belongs to the company and app that the id is from"


class TooMany(AttentiveError):
    """Attentive's rate limit is exceeded, still after several tries or for long: nothing was done."""

    what = "Attentive's rate limit is exceeded"
    advice = "wait a minute and run again; another program may be using the same key"


class ServerFailed(AttentiveError):
    """Attentive failed; a write may have been done all the same."""

    what = "Attentive failed to answer"
    advice = "wait a few minutes and run again"
    unsure = True


class NoAnswer(AttentiveError):
    """No answer came; ``arrived`` says whether the request may have reached Attentive."""

    what = "no answer from Attentive"
    advice = "check the connection, the proxy settings and the environment's base_url, then run again"

    def __init__(self, operation: str, *, what: str = "", arrived: Arrived) -> None:
        super().__init__(operation, what=what, may_have_happened=arrived == "unknown")
        self.arrived: Arrived = arrived


class Unreadable(AttentiveError):
    """An answer that can't be used; a write may have been done all the same."""

    what = "the answer can't be read"
    advice = "check that the environment's base_url leads to Attentive's API, then run again"
    unsure = True


def _permission_hint(scope: str) -> str:
    page = "in Attentive, open Marketplace > Built by you > the app > Permissions"
    if not scope:
        return f"{page} and check that the app is still allowed to use the API"
    api, _, level = scope.partition(":")
    access = "Write or All" if level == "write" else "Read, Write or All"
    return f"{page} and give {api} the access {access}"
