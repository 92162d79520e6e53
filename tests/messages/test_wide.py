"""Why a text is wide: whole characters as a reader sees them, or a script that nothing plain replaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.messages import count, wide
from deployer.messages.wide_characters import clusters

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
THUMB = "\U0001f44d\U0001f3fd"
HEART = "\u2764\ufe0f"
FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"
TEXTS = st.text(st.sampled_from(f"aé \u0301\n\u2019\u064e{FAMILY}{THUMB}{HEART}{FLAGS}طи東ひ"), max_size=40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"a{FAMILY}b", ["a", FAMILY, "b"]),
        (THUMB + HEART, [THUMB, HEART]),
        (FLAGS, [FLAGS[:2], FLAGS[2:]]),
        ("cafe\u0301!", ["c", "a", "f", "e\u0301", "!"]),
        ("\n\u0301", ["\n", "\u0301"]),
        ("", []),
    ],
)
def test_characters_as_a_reader_sees_them(text, expected):
    """An emoji with its joiners, a flag, and a letter with its accent are one character each."""
    assert [text[start:end] for start, end in clusters(text)] == expected


@given(TEXTS)
def test_characters_are_the_whole_text(text):
    """Put together, the characters are the text, whatever it holds."""
    assert "".join(text[start:end] for start, end in clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("طلبك رقم 54321 في الطريق إليك", "Arabic"),
        ("ההזמנה שלך 54321 בדרך אליך", "Hebrew"),
        ("ご注文54321を発送いたしました。", "Japanese"),
        ("您的订单已发货", "Chinese"),
        ("주문이 발송되었습니다", "Korean"),
        ("Ваш заказ 54321 уже в пути", "Cyrillic"),
        ("คำสั่งซื้อของคุณ", "Thai"),
    ],
)
def test_another_script(text, script):
    """A text of another script is that, with what a segment holds, and nothing in it is to be replaced."""
    found = wide(f"Northwind: {text} \U0001f381 \u2019")
    assert found.sentence == f"{script} text: 70 characters a segment"
    assert found.characters == ()


@pytest.mark.parametrize(
    "text", ["10 k\u2126 and \u03b1", "na\u00efve \u2019quoted\u2019", "\U0001d400\U0001d401\U0001d402"]
)
def test_a_sign_is_no_script(text):
    """A few letters of another script, typographic quotes and bold letters of Unicode are characters to look at."""
    found = wide(text)
    assert found.script == ""
    assert found.characters


def test_what_can_be_plain():
    """Each character says what to do about it; an accent is one with its letter, and an emoji is one."""
    found = {one.text: (one.plain, one.advice) for one in wide(f"It\u2019s e\u0301 {FAMILY}").characters}
    assert found == {
        "\u2019": (True, "write “'” instead"),
        "e\u0301": (True, "write “é” instead"),
        FAMILY: (False, "nothing is alike"),
    }


@given(TEXTS)
def test_a_wide_text_has_a_reason(text):
    """A text is wide exactly when there is a script or a character to show for it, at its place."""
    found = wide(text)
    assert bool(found.script or found.characters) == (count(text).encoding == "UCS-2")
    assert all(text[one.start : one.end] == one.text for one in found.characters)
