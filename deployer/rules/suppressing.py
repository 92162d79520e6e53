"""Leaving out the findings that a comment in the YAML suppresses, and finding the comments that are wrong or idle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.project.addresses import address_of
from deployer.rules.levels import Levels
from deployer.rules.registry import CATALOGUE, RULES
from deployer.rules.settings import FIXED, rule_meant
from deployer.rules.suppressions import SUPPRESSIONS
from deployer.source.checked import Checked, Suppressed
from deployer.source.suppressing import suppressions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

    from deployer.source import Document, Pointer, Problem, RuleSetting
    from deployer.source.suppression import Suppression

_OURS = frozenset(rule.id for rule in SUPPRESSIONS)


def suppress(
    problems: Iterable[Problem],
    documents: Iterable[Document],
    rules: Mapping[str, RuleSetting],
    *,
    today: date,
    complete: bool,
) -> Checked:
    """Apply the comments in the files of ``documents`` to the problems of a project.

    ``rules`` are the project's severities, which hold for problems of suppressions too. ``complete``: every rule ran in
    every environment, so that a comment which suppressed nothing is idle. Problems that can't be relaxed stay.
    """
    work = _Work(tuple(documents), today)
    kept = [problem for problem in problems if not work.takes(problem)]
    levels = Levels(rules)
    mistakes = levels.weigh(work.mistakes(levels, idle=complete and not any(_fixed(problem.rule) for problem in kept)))
    return Checked(tuple(sorted((*kept, *mistakes), key=lambda problem: problem.sort_key)), tuple(work.taken))


def _fixed(rule: str) -> bool:
    return rule in CATALOGUE and CATALOGUE[rule].fixed


@dataclass(slots=True)
class _Work:
    """The comments of a project, and which of their ids were of use."""

    documents: tuple[Document, ...]
    today: date
    all: tuple[Suppression, ...] = ()
    taken: list[Suppressed] = field(default_factory=list)
    used: set[tuple[int, str]] = field(default_factory=set)
    of_rule: dict[str, list[tuple[int, Suppression]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        files = {document.file.path: document.file for document in self.documents}
        self.all = tuple(suppression for path in sorted(files) for suppression in suppressions(files[path]))
        for number, written in enumerate(self.all):
            for rule in dict.fromkeys(written.rules):
                self.of_rule.setdefault(rule, []).append((number, written))

    def takes(self, problem: Problem) -> bool:
        """Whether a comment suppresses the problem; every one that does was of use."""
        if not self.all or problem.rule not in RULES or problem.rule in _OURS:
            return False
        places = tuple(_places(problem, self.documents))
        matching = [
            (number, suppression)
            for number, suppression in self.of_rule.get(problem.rule, ())
            if self._holds(suppression) and any(suppression.covers(*place) for place in places)
        ]
        self.used |= {(number, problem.rule) for number, _ in matching}
        self.taken.extend(Suppressed(problem, suppression) for _, suppression in matching[:1])
        return bool(matching)

    def _holds(self, suppression: Suppression) -> bool:
        return bool(suppression.reason) and not self._ended(suppression)

    def _ended(self, suppression: Suppression) -> bool:
        return suppression.until is not None and self.today > suppression.until

    def mistakes(self, levels: Levels, *, idle: bool) -> Iterator[Problem]:
        """What is wrong with the comments themselves; ``idle``: those that suppressed nothing too."""
        for number, suppression in enumerate(self.all):
            if suppression.mistake:
                yield _problem("malformed", suppression, suppression.mistake)
                continue
            yield from _unknown(suppression)
            if not suppression.reason:
                yield _problem("no-reason", suppression, "this suppression has no reason, and so no effect")
            elif self._ended(suppression):
                yield _problem(
                    "ended", suppression, f"this suppression ended on {suppression.until}: {suppression.reason}"
                )
            elif idle:
                known = [rule for rule in suppression.rules if _suppressible(rule)]
                yield from _idle(suppression, [rule for rule in known if (number, rule) not in self.used], levels)


def _suppressible(rule: str) -> bool:
    return rule in RULES and rule not in _OURS


def _unknown(suppression: Suppression) -> Iterator[Problem]:
    for rule in suppression.rules:
        if _fixed(rule) or rule in _OURS:
            yield _problem("unknown-rule", suppression, f"`{rule}` can't be suppressed", FIXED if _fixed(rule) else "")
        elif rule not in RULES:
            yield _problem("unknown-rule", suppression, f"there is no rule `{rule}`", _meant(rule))


@cache
def _meant(rule: str) -> str:
    suppressible = [known for known in RULES if known not in _OURS]
    return rule_meant(rule, suppressible) or "`deployer explain` lists every rule"


def _idle(suppression: Suppression, rules: Collection[str], levels: Levels) -> Iterator[Problem]:
    line = (
        f"line {suppression.first}"
        if suppression.first == suppression.last
        else f"lines {suppression.first} to {suppression.last}"
    )
    for rule in rules:
        off = levels.off(rule, suppression.file.path)
        why = f"`rules` switches `{rule}` off here" if off else f"nothing on {line} breaks `{rule}`"
        yield _problem("unused", suppression, f"{why}, so this suppresses nothing")


def _problem(name: str, suppression: Suppression, message: str, hint: str = "") -> Problem:
    rule = RULES[f"suppression/{name}"]
    problem = suppression.file.problem(
        rule.id, message, suppression.line, suppression.column, hint=hint or rule.fix, length=len(suppression.text)
    )
    return replace(problem, severity=rule.severity)


def _places(problem: Problem, documents: Sequence[Document]) -> Iterator[tuple[str, int]]:
    """Where a comment may stand for a problem: its own line, or the lines that name its file for its resource.

    A file of Liquid or text has no comment that Attentive wouldn't send, so its findings are suppressed where the YAML
    names it.
    """
    yield problem.position.path, problem.position.line
    if not problem.address or problem.position.path.endswith((".yaml", ".yml")):
        return
    for document in documents:
        if address_of(document) == problem.address:
            for pointer in _naming(document.value, problem.position.path):
                place = document.locate(pointer)
                yield place.path, place.line


def _naming(value: Any, path: str, here: Pointer = ()) -> Iterator[Pointer]:
    """The pointers of the texts that are exactly this path."""
    if value == path:
        yield here
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield from _naming(child, path, (*here, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _naming(child, path, (*here, index))
