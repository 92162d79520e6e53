"""Names of any script in letters and digits of ASCII, so that an id made of one can be read.

Cyrillic, Greek, Armenian, Georgian, Arabic and Hebrew letters become what is usual in English, kana, Hangul, Ethiopic
and the scripts of India what Unicode calls them, an emoji its name. A Chinese character has no one reading, and how
Thai, Lao, Khmer and Burmese are read isn't in their letters alone: they are left out.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = (
    "а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh "  # noqa: RUF001 - letters of other scripts are the point
    "щ shch ъ - ы y ь - э e ю yu я ya є ie і i ї i ґ g ў u ј j љ lj њ nj ћ c ђ dj џ dz"  # noqa: RUF001 - letters of other scripts are the point
)
_GREEK = "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o"  # noqa: RUF001 - letters of other scripts are the point
_ARMENIAN = (
    "ա a բ b գ g դ d ե e զ z է e ը y թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh ճ ch մ m յ y ն n շ sh ո o չ ch պ p "  # noqa: RUF001 - letters of other scripts are the point
    "ջ j ռ r ս s վ v տ t ր r ց ts ւ v փ p ք k օ o ֆ f և ev"  # noqa: RUF001 - letters of other scripts are the point
)
_GEORGIAN = (
    "ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u ფ p ქ k ღ gh ყ q შ sh ჩ ch ც ts "  # noqa: RUF001 - letters of other scripts are the point
    "ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h"
)
_ARABIC = (
    "ا a ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع a غ gh ف f ق q ك k ل l م m ن n ه h و w "  # noqa: RUF001 - letters of other scripts are the point
    "ي y ى a ة a ء - ئ y ؤ w پ p چ ch ژ zh گ g ک k ی y"
)
_HEBREW = (
    "א a ב b ג g ד d ה h ו v ז z ח ch ט t י y כ k ך k ל l מ m ם m נ n ן n ס s ע a פ p ף p צ ts ץ ts ק k ר r ש sh ת t"  # noqa: RUF001 - letters of other scripts are the point
)
_LATIN = "ß ss æ ae œ oe ø o đ d ð d þ th ł l ı i ŋ ng ħ h"  # noqa: RUF001 - letters of other scripts are the point


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return {letter: spelled.strip("-") for letter, spelled in zip(words[::2], words[1::2], strict=True)}


_SPELLED = {
    letter: spelled
    for table in (_CYRILLIC, _GREEK, _ARMENIAN, _GEORGIAN, _ARABIC, _HEBREW, _LATIN)
    for letter, spelled in _pairs(table).items()
}
_SYLLABLE = re.compile(r"(?:HIRAGANA|KATAKANA) LETTER (?:SMALL )?([A-Z]+)|(?:HANGUL|ETHIOPIC) SYLLABLE ([A-Z]+)")
_INDIC = re.compile(
    r"(DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM)"
    r" (LETTER|VOWEL SIGN|SIGN) (?:[A-Z]+ )*([A-Z]+)"
)
_ENDS_WITHOUT_A = frozenset({"DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI"})
"""Scripts whose words end with a bare consonant where no vowel is written behind it."""

_INDIC_SOUNDS = {"CA": "cha", "CHA": "chha", "SSA": "sha", "R": "ri", "RR": "ri"}
_INDIC_SIGNS = {"ANUSVARA": "n", "CANDRABINDU": "n", "BINDI": "n", "TIPPI": "n", "VISARGA": "h"}
_SIGNS = frozenset({"So", "Sc"})


def latin(name: str) -> str:
    """Spell a name in ASCII; what has no spelling is left out, and what was a word stays one."""
    if name.isascii():
        return name
    spelled = "".join(map(_spelled, _indic(unicodedata.normalize("NFC", name))))
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()


def _spelled(char: str) -> str:
    small = char.lower()
    bare = small if small in _SPELLED else unicodedata.normalize("NFD", small)[:1]
    if bare in _SPELLED:
        return _SPELLED[bare] if small == char else _SPELLED[bare].capitalize()
    if char.isascii() or unicodedata.combining(char):
        return char
    return _by_name(char, unicodedata.name(char, ""))


def _indic(name: str) -> str:
    """Spell what is in a script of India: a consonant brings an ``a`` along, unless another vowel or none follows."""
    parts: list[str] = []
    script, has_a = "", False
    for char in f"{name}\0":
        found = _INDIC.fullmatch(unicodedata.name(char, ""))
        if found is None:
            if has_a and script in _ENDS_WITHOUT_A and len(parts) > 1 and parts[-2][-1:].isalpha():
                parts[-1] = parts[-1][:-1]
            parts.append(char)
            has_a = False
            continue
        script, what, called = found.groups()
        if what == "VOWEL SIGN" or called == "VIRAMA":
            parts[-1:] = [parts[-1][:-1]] if has_a else parts[-1:]
        if called != "NUKTA":
            parts.append(_sound(what, called))
            has_a = what == "LETTER" and parts[-1] != "a" and parts[-1].endswith("a")
    return "".join(parts)[:-1]


def _sound(what: str, called: str) -> str:
    """The sound of a letter or sign by the last word of its name, in which a doubled one is a place of the tongue."""
    if what == "SIGN":
        return _INDIC_SIGNS.get(called, "")
    return _INDIC_SOUNDS.get(called) or re.sub(r"(.)\1+", r"\1", called).lower()


def _by_name(char: str, name: str) -> str:
    """Spell a character by Unicode's name of it, where that is a syllable or what a sign shows."""
    syllable = _SYLLABLE.fullmatch(name)
    if syllable:
        return (syllable[1] or syllable[2]).lower()
    if unicodedata.category(char) in _SIGNS:
        return f" {name.lower()} "
    return str(unicodedata.digit(char, char)) if char.isdigit() else char
