"""A hint names what was probably meant, or a few of what there is: never all of it."""

from __future__ import annotations

import deployer
from deployer.source import some, suggest


def test_a_few_are_named_and_the_rest_counted() -> None:
    """Five names, in order, and how many more."""
    assert some(["b", "a"]) == "a, b"
    assert some([]) == "none"
    assert some([f"n{number}" for number in range(9)]) == "n0, n1, n2, n3, n4 and 4 more"


def test_a_slip_is_found_among_thousands() -> None:
    """If there are many candidates, the one with a slip in it is found still."""
    many = [f"{letter}_event_{number}" for letter in "abcdefghij" for number in range(500)]
    assert suggest("order_shiped", [*many, "order_shipped"]) == "order_shipped"


def test_a_reference_to_nothing_stays_short(tmp_path) -> None:
    """If two thousand event types are declared, the hint of an unknown one names a few of them."""
    settings = "version: 1\nproject: big\nbrand: {name: B}\napps: {a: {}}\nenvironments: {sandbox: {target: sandbox}}\n"
    (tmp_path / "deployer.yaml").write_text(settings, encoding="utf-8")
    one = "kind: EventType\nid: n{0}\nname: N {0}\napp: a\nregistered_by: producer\n"
    declared = [one.format(number) for number in range(400)]
    message = "kind: Message\nid: m\nchannel: text\nevent: zzzzzzzzz\nbody: Hello\n"
    (tmp_path / "all.yaml").write_text("---\n".join([*declared, message]), encoding="utf-8")
    (found,) = [one for one in deployer.load(tmp_path).check() if one.rule == "reference/unknown"]
    assert "and 395 more" in found.hint
    assert len(found.hint) < 120
