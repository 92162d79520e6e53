"""What rules read of a declaration that may be passed over the next time is what its digest is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey, walk
from deployer.kinds.message import Message
from deployer.project import Memory, Project, Resource, Words, read_sound
from deployer.rules import CATALOGUE, RULES, Finding, Rule, Subject
from deployer.rules.sound import Digests
from deployer.source.consulted import ConsultedFiles
from deployer.workspace.loading import load

if TYPE_CHECKING:
    from deployer.kinds.base import M
    from deployer.kinds.kind import Kind
    from deployer.workspace.workspace import Workspace

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"

LOOKS_AT_EACH = frozenset({"message/file-missing"})
"""Rules that look at each message, too, whatever is known of it: for the picture of a text, which no digest has."""


@dataclass
class Resources(Mapping[str, Resource]):
    """The resources of a project, which keep in mind which of them were looked at."""

    resources: Mapping[str, Resource]
    read: set[str] = field(default_factory=set)

    def __getitem__(self, address: str) -> Resource:
        resource = self.resources[address]
        self.read.add(address)
        return resource

    def __contains__(self, address: object) -> bool:
        return address in self.resources

    def __iter__(self) -> Iterator[str]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)


class Environment:
    """The environment of a project, which keeps in mind whether it was looked at."""

    def __init__(self, real: object) -> None:
        self.real, self.read = real, False

    def __getattr__(self, name: str) -> Any:
        self.read = True
        return getattr(self.real, name)


@dataclass(frozen=True)
class Watched(Subject):
    """A project under check, which keeps in mind the declarations that a rule is given to look at alone."""

    given: set[str] = field(default_factory=set)

    def open(self, model: type[M]) -> Iterator[M]:
        """Every resource of a kind that isn't known to be sound."""
        for each in super().open(model):
            self.given.add(each.address)
            yield each

    def declared_open(self, kind: Kind | None = None) -> Iterator[Resource]:
        """Every declaration that isn't known to be sound."""
        for each in super().declared_open(kind):
            self.given.add(each.address)
            yield each


@dataclass
class Watch:
    """One declaration of a project under check, while all others that may be passed over are known to be sound."""

    workspace: Workspace
    whole: Subject
    model: EventType | Message | Journey

    def beyond(self, rule: Rule) -> set[str]:
        """What a rule reads beyond the inputs of the digest; nothing where it isn't given the declaration alone."""
        files = ConsultedFiles(self.workspace.root)
        project = self._project(files)
        subject = Watched(project, self.whole.settings, self.whole.documents, self.whole.rules, self.whole.catalogue)
        passed = {address: () for address in self.whole.digests if address != self.model.address}
        vars(subject).update(passed=passed, senders=self.whole.senders, sent_to_all=self.whole.sent_to_all)
        list(rule.problems(subject))
        if self.model.address not in subject.given:
            return set()
        beyond = set(project.resources.read).difference(*map(self._inputs, {self.model.address, *subject.given}))
        beyond |= {question.path for question in files.questions if question.path} - self._files()
        return beyond | ({"the environment"} if project.environment.read else set())

    def _inputs(self, address: str) -> frozenset[str]:
        """The addresses that may be read for the sake of one: where it may be passed over, those in its digest."""
        digests = Digests(self.whole.project, self.workspace.sources.settings, {}, frozenset())
        model = self.whole.project.resources[address].model
        known = isinstance(model, EventType | Message | Journey)
        return digests.inputs(address) if known else frozenset({address})

    def _project(self, files: ConsultedFiles) -> Project:
        sources, settings = self.workspace.sources, self.workspace.settings
        environment = self.whole.project.environment
        words = Words(files, settings.brand)
        project = read_sound(sources, settings, environment, words, Memory())
        return replace(project, resources=Resources(project.resources), environment=Environment(environment))

    def _files(self) -> set[str]:
        library = self.whole.project.words.library
        parts = self.model.parts.values() if isinstance(self.model, Message) else ()
        return {*library.auto, "macros/*.jinja", *(part.file for part in parts if part.file)}


def watches() -> list[Watch]:
    """Texts, emails, event types and journeys of Northwind, each with all others known to be sound."""
    workspace = load(NORTHWIND)
    project = workspace.linked("sandbox").project
    subject = Subject(
        project, workspace.sources.settings, workspace.sources.documents, frozenset(RULES), frozenset(CATALOGUE)
    )
    known = Digests(project, workspace.sources.settings, subject.senders, subject.sent_to_all)
    vars(subject)["digests"] = dict.fromkeys(known.all(), "known")
    texts = {message.channel: message for message in project.all(Message) if message.event}
    events = {bool(event.properties): event for event in project.all(EventType)}
    journeys = {len(list(walk(journey))) > 1: journey for journey in project.all(Journey)}
    return [Watch(workspace, subject, model) for each in (texts, events, journeys) for model in each.values()]


@pytest.fixture(scope="module")
def watched() -> list[Watch]:
    """Give the declarations that rules are watched with."""
    return watches()


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.id not in LOOKS_AT_EACH], ids=lambda rule: rule.id
)
def test_a_rule_reads_what_is_in_the_digest(rule, watched):
    """A rule that passes over what is known to be sound reads only the inputs of the digest by which it is known."""
    assert [(watch.model.address, beyond) for watch in watched if (beyond := watch.beyond(rule))] == []


def _reads_another_event(subject: Subject) -> Iterator[Finding]:
    for journey in subject.open(Journey):
        if any(event.id != journey.trigger for event in subject.each(EventType)):
            yield Finding(subject.at(journey, "id"), "read")


def _reads_journeys(subject: Subject) -> Iterator[Finding]:
    for message in subject.open(Message):
        if any(resource.kind.name == "Journey" for resource in subject.project.resources.values()):
            yield Finding(subject.at(message, "id"), "read")


def _reads_the_environment(subject: Subject) -> Iterator[Finding]:
    for message in subject.open(Message):
        yield Finding(subject.at(message, "id"), subject.project.environment.name)


def _reads_a_file(subject: Subject) -> Iterator[Finding]:
    for message in subject.open(Message):
        yield Finding(subject.at(message, "id"), subject.project.text("README.md"))


@pytest.mark.parametrize(
    ("check", "beyond"),
    [
        (_reads_journeys, "journey."),
        (_reads_another_event, "event_type."),
        (_reads_the_environment, "the environment"),
        (_reads_a_file, "README.md"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_rule_that_reads_more_is_found(check, beyond, watched):
    """A rule that reads another declaration, the environment or a file of the project is found by this test."""
    rule = replace(RULES["message/no-alt-text"], check=check)
    assert any(each.startswith(beyond) for watch in watched for each in watch.beyond(rule))
