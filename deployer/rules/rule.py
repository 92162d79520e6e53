"""A rule: an id that never changes, a severity that a project may change, and the check itself."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from deployer.kinds.kind import Kind
    from deployer.rules.example import Example
    from deployer.rules.place import Finding
    from deployer.rules.subject import Subject
    from deployer.source import Problem


Check: TypeAlias = "Callable[[Subject], Iterable[Finding]]"
"""A function that looks at one project and says what it finds."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a problem's ``rule`` stands for: a stable ``id`` (``family/name``) with all that there is to say about it.

    ``severity`` is the default, which ``rules:`` in ``deployer.yaml`` overrides unless the rule is ``fixed``. ``title``
    says in a line what is wrong, ``why`` in a paragraph why it matters and where Attentive says so, ``fix`` what to do.
    ``by_environment``: the check looks at the environment itself, not only at the resources that are declared for it.
    ``check`` is ``None`` where the problem is met on the way: while files are read, linked or suppressions applied.
    """

    id: str
    severity: Severity
    title: str
    why: str
    fix: str
    check: Check | None = None
    fixed: bool = False
    by_environment: bool = False

    @property
    def family(self) -> str:
        """The part of the id in front of the slash."""
        return self.id.partition("/")[0]

    @property
    def bad(self) -> Example:
        """What the rule finds something in; the tests execute it."""
        from deployer.rules.example import example  # noqa: PLC0415 - read only where someone wants to see it

        return example(self.id, "bad")

    @property
    def good(self) -> Example:
        """The same without the problem; the tests execute it."""
        from deployer.rules.example import example  # noqa: PLC0415 - as above

        return example(self.id, "good")

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """Everything that the check finds where something is to be read, as problems at their places."""
        for finding in self.check(subject) if self.check else ():
            if not finding.place.unread:
                yield finding.place.problem(self, finding.message, finding.hint or self.fix)


_SHORT = {"event_type": "event", "custom_attribute": "attribute", "opt_in_source": "opt-in"}


def family(kind: Kind) -> str:
    """What the ids of the rules about one kind begin with: ``event`` of ``event/unknown-app``."""
    return _SHORT.get(kind.snake, kind.snake.replace("_", "-"))


def rule(
    id: str,  # noqa: A002 - a rule has an id
    title: str,
    *,
    fix: str,
    severity: Severity = Severity.ERROR,
    by_environment: bool = False,
) -> Callable[[Check], Rule]:
    """Make a rule of the function below; the function's docstring is the rule's ``why``."""

    def made(check: Check) -> Rule:
        why = " ".join((inspect.getdoc(check) or "").split())
        return Rule(id, severity, title, why, fix, check, by_environment=by_environment)

    return made


def fixed(id: str, title: str, why: str, fix: str, severity: Severity = Severity.ERROR) -> Rule:  # noqa: A002 - a rule has an id
    """Make a rule for what is met before any check can run, an error as a rule; nothing relaxes it."""
    return Rule(id, severity, title, why, fix, fixed=True)
