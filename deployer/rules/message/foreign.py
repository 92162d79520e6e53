"""Rules about what is no macro of a custom event: other platforms' placeholders, mangled macros, other triggers'."""

from __future__ import annotations

import html
import re
from functools import cache, partial
from typing import TYPE_CHECKING

from deployer.messages import (
    COMMENTS,
    KNOWN,
    LEGACY,
    LIQUID,
    PROPERTY,
    UNPRINTED,
    UNREAD,
    macro_text,
    masked,
    path_text,
    regions,
)
from deployer.rules.meant import form
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.rules.texts import few
from deployer.source import Correction, Hint, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

_NAME = r"[A-Za-z_][\w.\-]{0,60}"
_PHRASE = r"[A-Za-z_][\w.\-]{0,30}(?: [A-Za-z][\w.\-]{0,30}){0,3}"
_SPOKEN = r"First|Last|Full|Your|Customer|Order|Company|Product|Tracking|Shipping|Delivery|Store|User|Insert|Brand"
_ALONE = r"FNAME|LNAME|NAME|EMAIL|FIRSTNAME|LASTNAME|COMPANY|UNSUBSCRIBE"
_UPPER = r"[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,4}"
"""ORDER_ID: capitals and an underscore, so no word that is stressed."""

_SNAKE = r"[A-Za-z][A-Za-z0-9]{0,30}(?:_[A-Za-z0-9]{1,30}){1,4}"
_CAMEL = r"[a-z][a-z0-9]{2,30}[A-Z][a-z]\w{0,60}"
"""orderId, but neither iPhone nor macOS."""

_SURE = (
    r"\*\|[A-Za-z][\w:]{0,60}\|\*|\|\*[A-Za-z][\w:]{0,60}\*\|",  # Mailchimp, also with its signs exchanged
    r"%%=[^%\n]{0,200}=%%|%%\[[^%\n]{0,200}\]%%|%%[A-Za-z_][\w ]{0,60}%%",  # Salesforce, with AMPscript
    rf"\$\{{{_NAME}\}}|\$\[{_PHRASE}\]",  # Braze, templates of many languages
    rf"\{{~ ?{_NAME} ?~\}}",
    r"<%[=\-]?[^%<>\n]{0,200}%>|<\?(?:php\b|=)[^<>\n]{0,200}\?>",  # ERB, Adobe, PHP
    r"&lt;%(?:(?!%&gt;)[^\n]){1,200}%&gt;",  # the same, as an editor saves it
    r"&lt;\?(?:php\b|=)(?:(?!\?&gt;)[^\n]){0,200}\?&gt;",
    rf"[@#%]\{{{_NAME}\}}|\{{[!$#:]{_NAME}\}}|\{{\|{_NAME}\|\}}",  # Salesforce's older templates, Smarty, Ruby
    rf"\$\${_NAME}\$\$|@@{_NAME}@@|\$\({_SNAKE}\)",
    rf"(?<![\w/=-])-(?:{_SNAKE}|{_CAMEL})-(?![\w-])",
    rf"(?<![\w*|])\*{_UPPER}\*(?![\w*|])|(?<!\w)!{_UPPER}!(?!\w)|\[\*{_NAME}\*\]",
    rf"<{_SNAKE}>|(?<!&lt;)&lt;{_SNAKE}&gt;(?!&gt;)",  # no element of HTML or SVG has an underscore
    rf"&#123;{_NAME}&#125;(?!&#125;)|&#37;&#37;{_NAME}&#37;&#37;",  # as an editor saves them
    rf"%7[Bb]{_NAME}%7[Dd](?!%7[Dd])",
    r"\{\d\}|(?<![\w%])%(?:\(\w{1,40}\)|\d\$)?[sd](?![\w%])",  # positions, and what programs format
    rf"\[(?:{_SPOKEN})(?: [A-Za-z]{{1,20}}){{0,3}}\](?![(\[:])|\[(?:{_ALONE})\]",  # a placeholder for people
    r"\[[Ii]nsert(?: [A-Za-z]{1,20}){1,4}\]|\bINSERT_[A-Z_]{1,40}_HERE\b",
    r"\[[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,4}\](?![(\[:])|\[[a-z][a-z0-9]{0,30}(?:_[a-z0-9]{1,30}){1,4}\](?![(\[:])",
    r"\[(?:subscriber|customer|contact|user):\w{1,40}\]|\[\w{1,40}, ?fallback=[^\]\n]{0,60}\]",
    rf"\[[a-z][a-z0-9]{{0,30}}[A-Z]\w{{0,60}}\](?![(\[:])|##{_PHRASE}##|(?<!\w)__[A-Z][A-Z0-9]{{1,30}}(?:_[A-Z0-9]{{1,30}}){{0,4}}__(?!\w)",
    r"(?<![\w%])%(?:[A-Z][A-Z0-9_]{2,40}|[a-z][a-z0-9]{0,30}(?:[_.][a-z0-9]{1,30}){1,4})%(?![\w%])",
)
"""What no one writes but as a placeholder."""

_PERHAPS = (
    rf"(?<![{{$@#%\w])\{{ ?{_PHRASE} ?(?:\|[^{{}}|\n]{{0,60}})?}}(?!\}})",  # single braces, perhaps with a default
    rf"(?<!<)<{_PHRASE}>(?!>)|(?<!&lt;)&lt;{_PHRASE}&gt;(?!&gt;)",
    r"(?<![\w%])%[a-z][a-z0-9]{1,30}%(?![\w%])",
    rf"(?<![\w#])#{_NAME}#(?![\w#])|(?<![\w@.])@[A-Za-z_]\w{{0,60}}@(?![\w@.])",
    rf"<<{_PHRASE}>>|«{_PHRASE}»|&lt;&lt;{_PHRASE}&gt;&gt;|&laquo;{_PHRASE}&raquo;",  # mail merges of word processors
    r"(?<![\w:])::[A-Za-z_]\w{0,60}::(?![\w:])",
    r"(?<![\w~])~[A-Z][A-Z0-9_]{1,60}~(?![\w~])|(?<![\w^])\^[A-Z][A-Z0-9_]{1,60}\^(?![\w^])",
    r"(?<![\w|*])\|[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){0,4}\|(?![\w|*])",  # no blanks: not what parts a row
    r"(?<![\w$?&])\$[A-Za-z_]\w{1,60}",
    rf"\[{_PHRASE}\](?![(\[:])|(?<![\w)])\({_PHRASE}\)(?![\w(])",
)
"""What is a placeholder where a name that a program writes, or one of the event's own, is in it."""

_SIGNS = re.compile(r"[*|%${<&@#\[_~^(«]|-[^-]*-|![^!]*!|::")
"""What is in every placeholder, and in few words that have none."""


@cache
def foreign_expression() -> re.Pattern[str]:
    """Placeholders that other platforms fill in; not a price, a footnote `[1]` or a link in Markdown.

    Compiling it takes as long as searching many messages, and few have a sign of a placeholder.
    """
    return re.compile(
        "|".join([*_SURE, *(f"(?P<perhaps{number}>{pattern})" for number, pattern in enumerate(_PERHAPS))])
    )


_WORDS = re.compile(r"[A-Za-z][\w .-]*")
_PROGRAMS = re.compile(r"[_.]|[a-z]-[a-z]|[a-z][A-Z]|[A-Za-z]\d")
_OF_PEOPLE = rf"(?i)(?:{_SPOKEN}) [A-Za-z]"
_USUAL = frozenset(
    [
        *(
            "name",
            "unsubscribe",
            "firstname",
            "lastname",
            "customer",
            "order",
            "email",
            "phone",
            "link",
            "url",
            "code",
            "date",
            "total",
        ),
        *("product", "tracking", "price", "amount", "address", "status", "store", "brand", "company"),
    ]
)
_PERSONS = frozenset({"firstname", "lastname", "fullname"})
_TRIGGER = "triggerEvent"


@rule(
    "message/foreign-placeholder",
    "a message has a placeholder of another platform",
    fix="write a macro: `{{triggerEvent.custom['KEY']}}`",
)
def foreign_placeholder(subject: Subject) -> Iterator[Finding]:
    """Attentive fills in macros with two braces only; any other placeholder is sent to the customer as it is.

    Attentive's help page "Reference Guide for Personalization Macros".
    """
    for text in subject.texts.read:
        yield from few(text, foreign(text), partial(_sent_as_written, text))


def foreign(text: Text) -> tuple[tuple[int, int], ...]:
    """Start and end of each placeholder of another platform in a message's words."""
    matches = text.once("placeholders", partial(_alike, text))
    return tuple(match.span() for match in matches if _is_placeholder(text, match))


def placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Where words that aren't a message's hold what no one writes but as a placeholder, Liquid too."""
    yield from regions(text, LIQUID)
    found = _found(masked(text, LIQUID))
    yield from (match.span() for match in found if match.lastgroup is None or match[0][0] == "{")


def _found(words: str) -> tuple[re.Match[str], ...]:
    return tuple(foreign_expression().finditer(words)) if _SIGNS.search(words) else ()


def _alike(text: Text) -> tuple[re.Match[str], ...]:
    """What looks like a placeholder of another platform."""
    words = masked(text.composed.text, (*UNPRINTED, *LIQUID))
    return _found(words if text.is_sms else masked(words, (*UNREAD, *COMMENTS)))


def _sent_as_written(text: Text, written: str) -> tuple[str, str]:
    return f"`{written}` isn't an Attentive macro, and is sent as it is", _meant(text, written)


def _is_placeholder(text: Text, match: re.Match[str]) -> bool:
    if match.lastgroup is None:
        return True
    if match[0].startswith("<") and match[0][1] != "<" and text.wording.part == "html":
        return False  # an element
    name = html.unescape(match[0]).strip("{}[]()<>«»#@$%:|~^ ").partition("|")[0].strip()
    if match[0].startswith("("):
        return _is_field(text, name)
    return _is_named(text, name, bracketed=match[0].startswith("["))


def _is_field(text: Text, name: str) -> bool:
    """Whether words in parentheses are a field of ClickSend's, as in `(First Name)`, and not a remark.

    A name of several words that is one of the event's, or a person's; a single word such as `(carrier)` is prose.
    """
    keys = text.event.properties if text.event else ()
    several = _PROGRAMS.search(name) is not None or " " in name
    return several and (form(name) in _PERSONS or any(form(key) == form(name) for key in keys))


def _is_named(text: Text, name: str, *, bracketed: bool) -> bool:
    """Whether a word is a name: one of the event's; elsewhere than in brackets a usual one, or one of a program."""
    keys = text.event.properties if text.event else ()
    own = any(form(key) == form(name) for key in keys)
    usual = form(name) in _USUAL or _PROGRAMS.search(name) is not None or re.match(_OF_PEOPLE, name) is not None
    return name not in LEGACY and (own or (usual and not bracketed))


def _meant(text: Text, placeholder: str) -> str:
    """The macro of the property that is probably meant."""
    words = _WORDS.search(html.unescape(placeholder))
    keys = {form(key): key for key in text.event.properties} if text.event else {}
    near = _nearest(words[0], keys) if words else None
    if not near:
        return ""
    right = macro_text((*PROPERTY, keys[near]))
    return Hint(f"write `{right}`", Correction(placeholder, right))


def _nearest(name: str, keys: Collection[str]) -> str | None:
    """The key that a name means: of `order.id` `orderid`, else `id`, else one that is spelled much like the whole."""
    parts = (name, name.rpartition(".")[2], name.partition(".")[0])
    exact = next((form(part) for part in parts if form(part) in keys), None)
    return exact or suggest(form(name), keys) or suggest(form(parts[1]), keys)


@rule(
    "message/mangled-macro",
    "a macro was changed by an editor, so that it is one no longer",
    fix="write the macro with plain braces, straight quotes and plain blanks, and paste it as text without format",
)
def mangled_macro(subject: Subject) -> Iterator[Finding]:
    """Editors encode braces in links and quotes in HTML, and put curly quotes and no-break spaces in.

    Nothing fills these in. Attentive's help page on Liquid in email asks for single, straight quotes around names.
    """
    yield from subject.texts.mangled


@rule(
    "message/macro-of-another-trigger",
    "a macro belongs to another trigger than a custom event",
    fix="send the value as a property of the event, and use `{{triggerEvent.custom['KEY']}}`",
)
def macro_of_another_trigger(subject: Subject) -> Iterator[Finding]:
    """A product or a checkout is known where browsing or a cart started the journey; a custom event has its properties.

    Attentive's help page "Reference Guide for Personalization Macros". A macro that isn't filled in prints nothing.
    """
    for text in subject.texts.read:
        for macro in text.scan.macros:
            path = ".".join(map(str, macro.path))
            if path in KNOWN and path.startswith(f"{_TRIGGER}."):
                message = f"a custom event doesn't fill `{path_text(macro.path)}` in: it belongs to another trigger"
                yield Finding(text.at(macro), message)
