"""A plan in a file, held against what it was made of: its own bytes, the values of secrets, and the test contacts.

Its digest shows to who only reads it that it was edited. Its seal shows that to who applies it: only with the values
that the plan was made with can it be made again.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.engine.plan import Plan
from deployer.engine.replanned import edited
from deployer.kinds.base import GuardError
from deployer.source import Secret, as_bytes, canonical, digest
from deployer.source.secret import references
from deployer.state.shape_error import ShapeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.engine.desired import Desired
    from deployer.source import Environment

_COST = {"n": 2**13, "r": 8, "p": 1, "dklen": 16}
"""A few hundredths of a second for a value: a phone number can't be found by trying all of them."""

_CONTACT = "test_contacts"


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan, and what it was made from: of each value a slow digest, by name; empty where it wasn't set.

    ``seal`` is a digest of both that is keyed with these values.
    """

    plan: Plan
    made_from: Mapping[str, str]
    seal: str

    @classmethod
    def of(cls, plan: Plan, values: Mapping[str, str]) -> SavedPlan:
        """The plan with the digests of the values that it was made from (``inputs``)."""
        made_from = {name: _digest(plan, name, value) for name, value in sorted(values.items())}
        return cls(plan, made_from, _seal(plan, made_from, values))

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON, with what it was made from and a digest of all that."""
        data = {**self.plan.to_json(), "made_from": dict(self.made_from), "seal": self.seal}
        return {**data, "digest": digest(data)}

    @classmethod
    def from_json(cls, data: Any) -> SavedPlan:
        """Read what ``to_json`` wrote.

        Raises ``ShapeError`` where it is anything else, ``GuardError`` where it was edited since.
        """
        if not isinstance(data, dict) or not isinstance(data.get("made_from"), dict) or "digest" not in data:
            raise ShapeError("has no `made_from` and `digest`, which `deployer plan --out` writes")
        signed = {name: item for name, item in data.items() if name != "digest"}
        plan = Plan.from_json({name: item for name, item in signed.items() if name not in {"made_from", "seal"}})
        if data["digest"] != digest(signed):
            raise edited(plan)
        if not isinstance(data.get("seal"), str):
            raise ShapeError("was saved by an earlier version of deployer, which wrote no `seal`")
        if not all(isinstance(known, str) for known in data["made_from"].values()):
            raise ShapeError("should be digests", ("made_from",))
        return cls(plan, data["made_from"], data["seal"])

    def check(self, values: Mapping[str, str]) -> None:
        """The values are those that the plan was made from; raises ``GuardError``.

        A test contact that wasn't set when it was made may be any.
        """
        again = f"plan again: `deployer plan --env {self.plan.environment} --out FILE`"
        if {*_contacts(values)} != {*_contacts(self.made_from)}:
            raise GuardError("contacts-changed", "the test contacts changed since the plan was made", again)
        changed = [name for name in {**values, **self.made_from} if not self._same(name, values)]
        if changed:
            what = f"the value of {', '.join(changed)} isn't the one that the plan was made with"
            raise GuardError("inputs-changed", what, again)

    def sealed(self, values: Mapping[str, str]) -> bool:
        """Whether it is, to the byte, what was saved where these were the values."""
        return hmac.compare_digest(as_bytes(self.seal), as_bytes(_seal(self.plan, self.made_from, values)))

    def _same(self, name: str, values: Mapping[str, str]) -> bool:
        known = self.made_from.get(name, "")
        if not known:
            return name.startswith(_CONTACT) or not values.get(name)
        return hmac.compare_digest(as_bytes(known), as_bytes(_digest(self.plan, name, values.get(name, ""))))


def inputs(everything: Iterable[Desired], environment: Environment, environ: Mapping[str, str]) -> dict[str, str]:
    """What a plan is made from beside the project and the record: secrets by variable, test contacts by place.

    API keys aren't in it: a pull request may be planned with a key that reads only, and applied with another one.
    """
    values = {name: environ.get(name, "") for desired in everything for name in references(desired.wanted.fields)}
    for place, contact in enumerate(environment.test_contacts):
        for field, value in (("phone", contact.phone), ("email", contact.email)):
            plain = environ.get(value.env, "") if isinstance(value, Secret) else value or ""
            values[f"{_CONTACT}[{place}].{field}"] = plain
    return values


def _contacts(values: Mapping[str, str]) -> list[str]:
    return [name for name in values if name.startswith(_CONTACT)]


def _digest(plan: Plan, name: str, value: str) -> str:
    """A slow digest of a value under its name, in this plan; empty where it isn't set."""
    salt = as_bytes(f"{plan.lineage}/{plan.config}/{name}")
    return hashlib.scrypt(as_bytes(value), salt=salt, **_COST).hex() if value else ""


def _seal(plan: Plan, made_from: Mapping[str, str], values: Mapping[str, str]) -> str:
    """A digest of the plan and what it was made from, keyed with the values that were set."""
    known = digest([[name, values.get(name, "")] for name in sorted(made_from) if made_from[name]])
    key = hashlib.scrypt(known.encode(), salt=as_bytes(f"{plan.lineage}/{plan.config}"), **_COST)
    return hmac.new(key, as_bytes(canonical([plan.to_json(), dict(made_from)])), hashlib.sha256).hexdigest()
