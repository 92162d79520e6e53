"""What a page needs to count as ``deployer.messages.counting`` does."""

from __future__ import annotations

from deployer.dataclass import dataclass
from deployer.messages import SEPARATOR, gsm
from deployer.messages.counting import OPT_OUT_SEPARATOR


@dataclass(frozen=True, slots=True)
class Alphabet:
    """GSM's characters of one unit and of two, and what is between brand, text and opt-out text."""

    basic: str
    extension: str
    separator: str
    opt_out_separator: str


ALPHABET = Alphabet("".join(sorted(gsm.BASIC)), "".join(sorted(gsm.EXTENSION)), SEPARATOR, OPT_OUT_SEPARATOR)
"""The one alphabet of text messages."""
