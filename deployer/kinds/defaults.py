"""What most kinds have in common: fields of every declaration, and answers that say "nothing of that sort"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.kinds.base import ApiActions, Fields, PersonActions, Reference, Scope, UniqueName, Wanted
    from deployer.source import Body


def common(address: str, id: str, body: Body) -> dict[str, Any]:  # noqa: A002 - the field's name in the file format
    """The fields of ``Model``, from any kind's checked body."""
    return {
        "address": address,
        "id": id,
        "description": body.get("description", ""),
        "owner": body.get("owner", ""),
        "protect": body.get("protect", False),
    }


class Defaults:
    """A kind without references, and without a name or presence of its own at Attentive; kinds override the rest."""

    launch_step = 0
    api: ApiActions | None = None
    person: PersonActions | None = None

    def references(self, model: Any) -> Iterable[Reference]:
        """Refer to nothing."""
        del model
        return ()

    def names(self, model: Any) -> Iterable[UniqueName]:
        """Have no name at Attentive."""
        del model
        return ()

    def wanted(self, model: Any, scope: Scope) -> Wanted | None:
        """Want nothing at Attentive."""
        del model, scope
        return None

    def payload(self, model: Any, scope: Scope) -> Fields:
        """Carry nothing besides the fields."""
        del model, scope
        return {}
