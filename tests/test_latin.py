"""Names of any script in letters and digits of ASCII."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.latin import latin


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Order Shipped", "Order Shipped"),
        ("Заказ Отправлен", "Zakaz Otpravlen"),
        ("Παραγγελία", "Paraggelia"),
        ("طلب جديد", "tlb jdyd"),
        ("משלוח", "mshlvch"),
        ("ひらがな カタカナ", "hiragana katakana"),
        ("주문 배송", "jumun baesong"),
        ("Größe", "Grosse"),
        ("Zażółć", "Zazolc"),
        ("🚚 sent", " delivery truck  sent"),
        ("注文", ""),
        ("შეკვეთა გაიგზავნა", "shekveta gaigzavna"),
        ("Պատվեր", "Patver"),
        ("ऑर्डर भेजा गया", "ordar bheja gaya"),
        ("हिन्दी", "hindi"),
        ("न", "na"),
        ("অর্ডার", "ardar"),
        ("ਆਰਡਰ", "aradar"),
        ("தமிழ்", "tamil"),
        ("ఆర్డర్", "ardar"),
        ("ሰላም", "salaame"),
        ("จัดส่งแล้ว", ""),
        ("٢ days", "2 days"),
    ],
)
def test_names_are_spelled_as_people_spell_them(name, spelled):
    """Letters become what is usual in English, syllables what they are called, an emoji what it shows."""
    assert latin(name) == spelled


@given(st.text())
def test_whatever_is_spelled_is_ascii(name):
    """No name of any script leaves a character outside of ASCII, and ASCII stays as it is."""
    assert latin(name).isascii()
    assert latin(latin(name)) == latin(name)
