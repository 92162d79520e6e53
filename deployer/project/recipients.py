"""No one is messaged by accident: sends reach the environment's test contacts, anyone else only on purpose."""

from __future__ import annotations

import string
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from deployer.attentive import User
from deployer.kinds.base import GuardError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def recipient(text: str) -> User:
    """Read a phone in E.164 or an email, as it is typed; raises ``GuardError`` for anything else."""
    word = text.strip()
    if word.count("@") == 1 and " " not in word and not word.startswith("@"):
        return User(email=word)
    if _is_e164(word):
        return User(phone=word)
    raise GuardError(
        "bad-recipient",
        "the recipient is neither a phone in E.164 form nor an email address",
        "write a phone as +12065550100, with country code and without spaces",
    )


def _is_e164(word: str) -> bool:
    """Whether a phone is written as Attentive wants it, and could be someone's."""
    import phonenumbers  # noqa: PLC0415 - its tables are needed for a recipient only

    try:
        number = phonenumbers.parse(word, None)
    except phonenumbers.NumberParseException:
        return False
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return bool(phonenumbers.is_possible_number(number)) and bool(written == word)


def check_contact(user: User, environment: str, variables: Mapping[str, str]) -> None:
    """Refuse a test contact who can't be reached as written; raises ``GuardError``.

    ``variables`` names the variable that holds the phone or the email, where a secret does.
    """
    for what, value in (("phone", user.phone), ("email", user.email)):
        try:
            sound = not value or getattr(recipient(value), what) == value
        except GuardError:
            sound = False
        if not sound:
            form = "in E.164 form, such as +12065550100" if what == "phone" else "with one @"
            text = f"the {what} of a test contact of `{environment}` isn't one"
            secret = f"correct the value of {variables[what]}: " if what in variables else ""
            space = ", without white space at its end" if secret else ""
            raise GuardError("bad-recipient", text, f"{secret}write it {form}{space}")


def body_user(data: Mapping[str, Any]) -> User:
    """The user of a request body; raises ``GuardError`` where neither phone nor email can be read."""
    phone = recipient(str(data["phone"])).phone if data.get("phone") else ""
    email = recipient(str(data["email"])).email if data.get("email") else ""
    if not phone and not email:
        raise GuardError("bad-recipient", "the payload's user has neither phone nor email", "write one of them")
    return User(phone=phone, email=email)


def is_listed(user: User, contacts: Sequence[User]) -> bool:
    """Whether every way to reach the user belongs to one and the same test contact."""
    if not user.phone and not user.email:
        return False
    email = _comparable(user.email)
    return any(user.phone in {"", contact.phone} and email in {"", _comparable(contact.email)} for contact in contacts)


_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _comparable(email: str) -> str:
    """An email as it is compared: ASCII in lower case and the domain as DNS has it, everything else exactly.

    Folding more would take one person's address for another's: U+017F, a long s, folds to `s`, and is another letter.
    """
    local, at, domain = email.translate(_LOWER).rpartition("@")
    with suppress(UnicodeError):  # a domain that DNS can't have is compared as it is written
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() and not _folds(domain) else domain
    return f"{local}{at}{domain}"


_DOTS = "\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}"
"""What preparing a domain for DNS takes for the dot between its labels, and mail doesn't."""


def _folds(domain: str) -> bool:
    """Whether preparing the domain for DNS would turn a character into another one."""
    if any(dot in domain for dot in _DOTS):
        return True
    return unicodedata.normalize("NFKC", domain).casefold() != unicodedata.normalize("NFC", domain).lower()
