"""Rules about macros: the names in them, the quotes around these, and where offers may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.custom_attribute import CustomAttribute
from deployer.messages import ATTRIBUTE, KNOWN, PROPERTY, is_known, macro_text, path_text, suggest_macro
from deployer.rules.meant import form
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Correction, Hint, MissingProperty, Severity, did_you_mean, near_or_few, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.messages import Macro
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

ROOTS = frozenset(name.partition(".")[0] for name in KNOWN)


def named(text: Text, root: tuple[str, str]) -> Iterator[tuple[Macro, str]]:
    """The macros of a text that name something of the brand's below ``root``, each with that name."""
    for macro in text.scan.macros:
        if macro.path[:2] == root and len(macro.path) > len(root):
            yield macro, str(macro.path[2])


@rule(
    "message/unknown-property",
    "a macro names a property that the event doesn't declare",
    fix="write the key exactly as the event type declares it: case matters",
)
def unknown_property(subject: Subject) -> Iterator[Finding]:
    """A transactional message is sent with a gap where the name is wrong; names are case-sensitive.

    Attentive's OpenAPI file, POST /v1/events/custom, and its help page on Liquid in email.
    """
    for text in subject.texts.read:
        for macro, key in named(text, PROPERTY) if text.event else ():
            assert text.event is not None
            if key not in text.event.properties:
                hint = Hint(near_or_few(key, text.event.properties), MissingProperty(text.event.id, key))
                yield Finding(text.at(macro), f"`{text.event.id}` has no property `{key}`", hint)


@rule(
    "message/unknown-attribute",
    "a macro names a custom attribute that isn't declared",
    fix="write the attribute's `name` exactly as it is declared, or declare it",
)
def unknown_attribute(subject: Subject) -> Iterator[Finding]:
    """Attribute names are case-sensitive at Attentive (OpenAPI file, POST /v1/attributes/custom)."""
    names = subject.project.attribute_names
    for text in subject.texts.read:
        for macro, name in named(text, ATTRIBUTE):
            if name not in names:
                hint = did_you_mean(name, names) or "declare it as a CustomAttribute"
                yield Finding(text.at(macro), f"no custom attribute is named `{name}`", hint)


@rule(
    "message/unknown-macro",
    "a macro begins with a word that Attentive doesn't have",
    fix="write one of Attentive's macros, or `{{triggerEvent.custom['KEY']}}` for a property of the event",
)
def unknown_macro(subject: Subject) -> Iterator[Finding]:
    """What Attentive can't fill in reaches the customer as a gap.

    Attentive's help page "Reference Guide for Personalization Macros".
    """
    for text in subject.texts.read:
        for macro in text.scan.macros:
            if macro.path[0] not in ROOTS or _is_other_case(macro):
                yield Finding(text.at(macro), f"Attentive has no macro `{path_text(macro.path)}`", _meant(text, macro))


@rule(
    "message/undocumented-macro",
    "a macro isn't among those that Attentive documents",
    severity=Severity.WARNING,
    fix="check its spelling, and pick it from the composer's menu if it is there",
)
def undocumented_macro(subject: Subject) -> Iterator[Finding]:
    """The list that deployer knows is the documented one, and Attentive may offer more in its composer.

    Attentive's help page "Reference Guide for Personalization Macros".
    """
    for text in subject.texts.read:
        for macro in text.scan.macros:
            named = is_known(macro.path) or macro.computed or bool(without_custom(subject, text, macro))
            if macro.path[0] in ROOTS and not named and not _is_other_case(macro):
                message = f"Attentive doesn't document a macro `{path_text(macro.path)}`"
                yield Finding(text.at(macro), message, _meant(text, macro))


def _is_other_case(macro: Macro) -> bool:
    """Whether it is `triggerEvent.Custom`, which no one fills in: case counts."""
    root = tuple(str(segment) for segment in macro.path[: len(PROPERTY)])
    return any(root != known and form("".join(root)) == form("".join(known)) for known in (PROPERTY, ATTRIBUTE))


def _meant(text: Text, macro: Macro) -> str:
    """A property of the event first: its bare key is the commonest mistake."""
    if text.composed.text[: macro.start].endswith("custom["):
        right = f"'{path_text(macro.path)}'"
        return Hint(f"a name is between single quotes: write `{right}`", Correction("", right))
    if macro.path in {PROPERTY, ATTRIBUTE}:
        return f"name one behind it: `{macro_text((*macro.path, 'NAME'))}`"
    keys = tuple(text.event.properties) if text.event else ()
    key = suggest(str(macro.path[-1]), keys)
    if key is not None:
        return _instead(macro_text((*PROPERTY, key)), path_text((*PROPERTY, key)))
    known = suggest_macro(macro.path)
    return _instead(known, known) if known else ""


def _instead(shown: str, right: str) -> str:
    """The hint that another macro is meant, with the path to write in the place of the one that is underlined."""
    return Hint(f"did you mean `{shown}`?", Correction("", right))


def without_custom(subject: Subject, text: Text, macro: Macro) -> tuple[str, ...]:
    """The right path for a macro that names a property or attribute directly below its root; empty where it doesn't."""
    own, depth = str(macro.path[-1]), len(PROPERTY)
    if len(macro.path) != depth or is_known(macro.path) or macro.path in {PROPERTY, ATTRIBUTE}:
        return ()
    attributes = [attribute.name for attribute in subject.each(CustomAttribute)]
    for root, known in ((PROPERTY, text.event.properties if text.event else ()), (ATTRIBUTE, attributes)):
        if macro.path[0] == root[0]:
            name = next((known_name for known_name in known if form(known_name) == form(own)), None)
            return (*root, name) if name is not None else ()
    return ()


@rule(
    "message/quote-in-key",
    "a macro names a key with a single quote in it",
    fix="give the property or attribute a name without a quote",
)
def quote_in_key(subject: Subject) -> Iterator[Finding]:
    """In a macro single quotes end the name, so Attentive can't fill in one that holds a quote.

    Attentive's help page "Fine-tune email message personalization with Liquid" asks for single quotes.
    """
    for text in subject.texts.read:
        for macro in text.scan.macros:
            quoted = [str(segment) for segment in macro.path if "'" in str(segment)]
            if quoted:
                message = f"`{quoted[0]}` can't be written in a macro, where single quotes end a name"
                yield Finding(text.at(macro), message, "give it a name without a quote")


@rule(
    "message/double-quotes-in-macro",
    "a macro puts double quotes around a name",
    fix="write single quotes: `{{triggerEvent.custom['KEY']}}`",
)
def double_quotes_in_macro(subject: Subject) -> Iterator[Finding]:
    """Names that you chose take single quotes in a macro.

    Attentive's help page "Fine-tune email message personalization with Liquid".
    """
    for text in subject.texts.read:
        for macro in text.scan.macros:
            if macro.quotes == '"' and not any("'" in str(segment) for segment in macro.path):
                right = path_text(macro.path)
                hint = Hint(f"write `{right}`", Correction("", right))
                yield Finding(text.at(macro), "Attentive wants single quotes around a name", hint)


@rule(
    "message/legacy-macro",
    "a macro of the old kind, with single braces",
    severity=Severity.WARNING,
    fix="write the macro with two braces",
)
def legacy_macro(subject: Subject) -> Iterator[Finding]:
    """Older Shopify journeys used single braces; the current form has two.

    Attentive's help pages "Best practices: Transactional message copy" (old) and "Reference Guide for Personalization
    Macros".
    """
    for text in subject.texts.read:
        for legacy in text.scan.legacy:
            written = f"{{{legacy.name}}}"
            place = text.place(legacy.start, legacy.start + len(written))
            yield Finding(place, f"`{written}` is a macro of the old kind", _successor(written, legacy.replacement))


def _successor(written: str, replacement: str | None) -> str:
    if replacement:
        return Hint(f"write `{replacement}`", Correction(written, replacement))
    return "write the property that holds it, such as `{{triggerEvent.custom['Order Id']}}`"


@rule(
    "message/offer-in-transactional",
    "a transactional message holds an offer",
    fix="take the offer out, or send it from a marketing journey",
)
def offer_in_transactional(subject: Subject) -> Iterator[Finding]:
    """Offers are allowed in marketing journeys only (Attentive's help page "What are custom journey triggers?")."""
    for text in subject.texts.read:
        journeys = [
            journey for journey in subject.senders.get(text.message.id, ()) if journey.category == "transactional"
        ]
        for macro in text.scan.macros if journeys else ():
            if macro.path[0] == "offer" or macro.path[:2] == ("subscriber", "signupOffer"):
                message = (
                    f"`{path_text(macro.path)}` is an offer, and the transactional journey `{journeys[0].id}` sends it"
                )
                yield Finding(text.at(macro), message, "offers belong into marketing journeys")
