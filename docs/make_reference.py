"""Write the reference pages from what the code and the schemas say; run it after changing either.

``docs/kinds/*.md`` come from the schemas and the kinds, ``docs/rules.md`` and a page for each family in ``docs/rules/``
from the rules and their examples,
``docs/compat.md`` from the matrix, ``docs/commands.md`` from each command's own help.
``tests/docs`` compares the files with what this makes.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deployer.cli.main import COMMANDS, cli
from deployer.contracts.compat import MATRIX, RECIPES
from deployer.kinds import KINDS
from deployer.rules import CATALOGUE
from deployer.simulation import CATALOGUE as ASSUMPTIONS
from deployer.source import schema
from deployer.views.problems import rule_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.kinds.base import Kind
    from deployer.rules import Rule
    from deployer.simulation import Assumption

DOCS = Path(__file__).resolve().parent
EVERY_FIELD = DOCS.parent / "tests" / "example-files" / "valid" / "all-fields"
RULES_SAY = """\
Every id that a problem can show; `deployer explain RULE` prints it too. Under `rules:` in `deployer.yaml` a team gives
a rule, or a family (`message/*`), another weight: `error`, `warning`, `info` or `off`, also for some files only:

```yaml
rules:
  message/over-limit: warning
  message/promotional-wording: { severity: error, paths: { "legacy/**": off } }
```

A comment in the YAML leaves one finding out. It is on the finding's line or on the line above (for a text of
several lines: on the line where that begins; for a finding in a file: where the YAML names the file), needs a reason,
and may have a last day:

```yaml
url: http://rig.northwind.example # deployer: ignore[webhook/not-https] the rig has no certificate until 2027-01-31
```

A suppression without a reason, after its last day, with an unknown id or without anything to suppress is itself a
finding. Problems of files, YAML, schemas and references can be neither weighed nor suppressed: what they are about
isn't in the project, so nothing that was checked after it could be trusted.

The examples belong to a small shop with an event type `order_shipped`, a text and an email about it, a journey that
sends the text, and an opt-in source; the tests put them there and check them."""
COMPAT_SAYS = (
    "`deployer compat --against REF` compares the declared events, attributes and triggers with an earlier version. "
    "A change is judged twice: for producers that still send the old shape, and for the messages and journeys that "
    "read the new one. A message counts as reading a value where its words name it, as it is declared now, and as it "
    "is recorded to be live in an environment; where no record can be read, what was declared to run counts as "
    "running. Where nothing reads a value, a change of it is safe for readers. The graver verdict is the change's. "
    "`compat` in the earlier version's `deployer.yaml` says where the gate fails (`fail_on`) and what it lets through "
    "(`allow`), so that a change can't switch off its own gate. `compat.md` is made from the table that the command "
    "itself uses, and every row has a case in `tests/compat-cases`."
)
WAYS_OUT_SAY = (
    "What is in braces is filled in by `deployer compat` for each change that breaks. Steps about readers are left "
    "out where nothing reads the value."
)
NESTED_SAY = (
    "`[]` is each item of a list, `NAME` a key that you choose. What may be in several places, such as the steps of a "
    "branch, is listed at the first."
)
RUN_ONLY = {"JourneyTest": "Nothing of it goes to Attentive, and no plan shows it: `deployer test` runs it."}
"""Kinds that are never applied."""

ASSUMPTIONS_SAY = """\
What Attentive's documents leave open, and what `deployer simulate` and `deployer test` take for granted until
`assumptions` in `deployer.yaml` says otherwise. A timeline names every assumption that it rests on.
[simulation.md](simulation.md) has the rest of what is simulated."""
MADE = "<!-- Made by docs/make_reference.py; change the schema or the kind instead. -->"


def pages() -> dict[str, str]:
    """Every page by its path below ``docs/``."""
    made = {f"kinds/{kind.snake}.md": kind_page(kind) for kind in KINDS.values()}
    made["kinds/settings.md"] = settings_page()
    made["commands.md"] = commands_page()
    made["rules.md"] = rules_page()
    made |= {f"rules/{family}.md": family_page(family, found) for family, found in families()}
    made["assumptions.md"] = assumptions_page()
    made["compat.md"] = compat_page()
    return made


def kind_page(kind: Kind) -> str:
    """One kind: what it is, how it comes to be at Attentive, and its fields."""
    described = schema(kind.snake)
    lines = [MADE, "", f"# {kind.name}", "", described["description"], "", "## At Attentive", "", *handling(kind), ""]
    return "\n".join([*lines, "## Fields", "", *fields(described), "", *nested(described), *examples(kind.name)])


def examples(kind: str) -> Iterator[str]:
    """Every declaration of a kind in the project that the tests keep with every field in it."""
    yield from ("## Every field in use", "")
    for path in sorted(EVERY_FIELD.rglob("*.y*ml")):
        for document in path.read_text(encoding="utf-8").split("\n---\n"):
            body = "\n".join(
                line for line in document.strip().splitlines() if not line.startswith("# yaml-language-server")
            )
            if f"kind: {kind}" in body.splitlines():
                yield from ("```yaml", body, "```", "")


def assumptions_page() -> str:
    """What a simulation takes for granted."""
    lines = [MADE, "", "# Assumptions", "", ASSUMPTIONS_SAY, ""]
    for one in ASSUMPTIONS:
        lines += [f"## {one.name}", "", one.question, ""]
        lines += [f"- `{value}`: {meaning}{default(one, value)}" for value, meaning in one.values.items()]
        if not one.values:
            lines.append(f"The default is `{json.dumps(one.default)}`.")
        lines += ["", f"What is documented: {one.source}", ""]
    return "\n".join(lines)


def default(assumption: Assumption, value: str) -> str:
    """Mark the answer that is taken where a project has none."""
    return " (the default)" if value == assumption.default else ""


def settings_page() -> str:
    """``deployer.yaml``."""
    described = schema("deployer")
    return "\n".join(
        [
            MADE,
            "",
            "# deployer.yaml",
            "",
            described["description"],
            "",
            "## Fields",
            "",
            *fields(described),
            "",
            *nested(described),
        ]
    )


def handling(kind: Kind) -> Iterator[str]:
    """Who writes it, what reads it back, and how it goes."""
    if kind.name in RUN_ONLY:
        yield RUN_ONLY[kind.name]
    elif kind.api is None and kind.person is None:
        yield "It doesn't exist on its own: it is part of the resources that use it."
    if kind.api is not None:
        does = "sends" if kind.api.sends else "creates, changes and (with `--prune`) removes"
        yield f"- By the API: `apply` {does} it."
        read = (
            "`plan` and `drift` read it back."
            if kind.api.read
            else "The API doesn't show it; what was sent is recorded."
        )
        yield f"- {read}"
        if kind.api.irreversible:
            yield f"- Irreversible: {kind.api.irreversible}."
        for name in (*schema(kind.snake)["properties"], "type"):
            if reason := kind.api.locked({name}):
                yield f"- Its {name.replace('_', ' ')} is fixed: {reason}."
    if kind.person is not None:
        extra = " (where the API can't, or mustn't)" if kind.api is not None else ""
        yield f"- By a person{extra}: `apply` records tasks, `tasks` tells the clicks, `confirm` records them as done."
        if kind.person.irreversible and kind.api is None:
            yield f"- Irreversible: {kind.person.irreversible}."
    if kind.launch_step:
        yield f"- Step {kind.launch_step} of Attentive's launch checklist (`deployer status`)."


def fields(described: Mapping[str, Any]) -> Iterator[str]:
    """A table of the top-level fields."""
    yield "| field | required | meaning | example |"
    yield "|---|---|---|---|"
    required = set(described.get("required", ()))
    for name, one in described.get("properties", {}).items():
        yield row(name, one, required=name in required)


def nested(described: Mapping[str, Any]) -> Iterator[str]:
    """A table of the fields below those, at every depth: `[]` is each item of a list, `NAME` a key of your own."""
    rows = list(below(described, Whole(described), ""))
    if rows:
        yield from ("## Fields in them", "", NESTED_SAY, "", "| field | required | meaning | example |")
        yield from ("|---|---|---|---|", *rows, "")


class Whole:
    """A schema, and those of its definitions that were shown."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.schema = described
        self.shown: set[str] = set()

    def resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """A part of the schema with what it refers to."""
        reference = part.get("$ref", "").rpartition("/")[2]
        return {**self.schema["$defs"][reference], **part} if reference else part

    def opens(self, part: Mapping[str, Any]) -> bool:
        """Whether what is in a part has to be shown: it wasn't before."""
        reference = part.get("$ref", "")
        new = reference not in self.shown
        self.shown |= {reference} - {""}
        return new


def below(part: Mapping[str, Any], whole: Whole, path: str) -> Iterator[str]:
    """The rows of everything in a part of a schema, below the kind's own fields."""
    if not whole.opens(part):
        return
    described = whole.resolved(part)
    required = set(described.get("required", ()))
    for name, one in described.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        if path:
            yield row(here, whole.resolved(one), required=name in required)
        if name != "per_environment":
            yield from below(one, whole, here)
    if isinstance(described.get("items"), dict):
        yield from below(described["items"], whole, f"{path}[]")
    if isinstance(described.get("additionalProperties"), dict) and path:
        yield from below(described["additionalProperties"], whole, f"{path}.NAME")
    for branch in (*described.get("anyOf", ()), *described.get("oneOf", ())):
        yield from below(branch, whole, path) if path else ()


def row(path: str, described: Mapping[str, Any], *, required: bool) -> str:
    """A field of a table."""
    example = next(iter(described.get("examples", ())), described.get("const", ""))
    needed = "yes" if required else ""
    return f"| `{path}` | {needed} | {cell(described.get('description', ''))} | {sample(example)} |"


def cell(text: str) -> str:
    """Text that stays within a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


def sample(value: object) -> str:
    """A short example as code; a long one stays in the schema."""
    import json  # noqa: PLC0415 - used here only

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = text.replace("\n", "⏎")
    short = line if len(line) <= 60 else line[:57] + "…"  # noqa: PLR2004 - a cell's width
    return f"`` {cell(short)} ``" if short else ""


def families() -> Iterator[tuple[str, list[Rule]]]:
    """Every family with its rules, in the order of their ids."""
    yield from ((family, list(found)) for family, found in groupby(CATALOGUE.values(), key=lambda rule: rule.family))


def rules_page() -> str:
    """Every rule in one line, by family, with the way to its reason and its examples."""
    lines = [MADE, "", "# Rules", "", RULES_SAY, ""]
    for family, found in families():
        lines += [f"## {family}", ""]
        lines += [
            f"- [`{one.id}`](rules/{family}.md#{anchor(one.id)}): {one.title} ({one.severity.value})" for one in found
        ]
        lines += [""]
    return "\n".join(lines)


def family_page(family: str, found: Iterable[Rule]) -> str:
    """The rules of a family, each with its reason and its examples."""
    lines = [MADE, "", f"# Rules: {family}", "", "[All rules](../rules.md), and how a project weighs them.", ""]
    return "\n".join([*lines, *(f"{rule_markdown(one)}\n" for one in found)])


def anchor(heading: str) -> str:
    """Where a heading is on its page, as forges and site builders name it."""
    return "".join(letter for letter in heading.lower() if letter.isalnum() or letter in "-_")


def compat_page() -> str:
    """The matrix of changes, and the way out of each that breaks."""
    head = "| change | what it is | producers | a message reads it | with a default | way out | why |"
    lines = [MADE, "", "# Compatibility", "", COMPAT_SAYS, "", head, "|---|---|---|---|---|---|---|"]
    for row in MATRIX.values():
        verdicts = " | ".join(one.word for one in (row.producers, row.readers, row.guarded))
        way = f"[{row.way_out}](#{row.way_out})" if row.way_out else ""
        lines.append(f"| `{row.change}` | {cell(row.title)} | {verdicts} | {way} | {cell(row.why)} |")
    lines += ["", "## Ways out", "", WAYS_OUT_SAY, ""]
    for name, steps in RECIPES.items():
        lines += [f"### {name}", ""]
        for number, step in enumerate(steps, 1):
            lines += [f"{number}. {step.phase}: {cell(step.what).replace('{{', '{').replace('}}', '}')}"]
            lines += [f"   - `{command}`" for command in step.commands]
        lines.append("")
    return "\n".join(lines)


def commands_page() -> str:
    """Each command's own help."""
    lines = [MADE, "", "# Commands", ""]
    names = ["-h", "--help"]
    root = click.Context(cli, info_name="deployer", help_option_names=names, terminal_width=78)  # whatever this one is
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        lines += list(command_section(command, click.Context(command, info_name=name, parent=root)))
    return "\n".join(lines)


def command_section(command: click.Command, context: click.Context) -> Iterator[str]:
    """A command's help, and those of the commands below it."""
    with context:
        text = command.get_help(context)
    yield from (f"## {context.command_path}", "", "```text", *(line.rstrip() for line in text.splitlines()), "```", "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from command_section(below, click.Context(below, info_name=name, parent=context))


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
