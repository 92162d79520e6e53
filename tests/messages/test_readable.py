"""A text with mistakes is read as far as it can be, and each mistake has its own place and its own mend."""

from __future__ import annotations

import pytest

from deployer.messages import readable

SLIPS = [
    ("{% if ^a && b %}x{% endif %}", "and"),
    ("{% if a ^= 1 %}x{% endif %}", "=="),
    ("{% if ^not a %}x{% endif %}", "unless"),
    ("{% if a %}x{% ^elseif b %}y{% endif %}", "elsif"),
    ("{% if a %}x{% else ^if b %}y{% endif %}", "elsif"),
    ("{% if a %}x{% ^end %}", "endif"),
    ("{% ^set a = 1 %}", "assign"),
    ("{% for ^a of b %}x{% endfor %}", "in"),
    ("{{ a ^? 'b' : 'c' }}", "if"),
    ("{{ a ^|| 'b' }}", "default"),
    ("{{ a ^or 'b' }}", "default"),
    ("{{ a | default^('b') }}", "colon"),
    ("{{^#if a}}x", "another template language"),
    ("{{^{ a }}}", "two braces"),
    ("^{{ a | }} x {{ b }}", ""),
    ("{{ a | default ^'b' }}", "colon"),
    ("{{ a | ^fallback: 'b' }}", "take it out"),
    ("a{% ^break %}b", "take it out"),
    ("{% for i in a %}{% break %}{% endfor %}{% if b %}{%- ^continue -%}{% endif %}", "take it out"),
    ("{{ a | ^safe }}", ""),
    ("{{ ^${a} }}", "another platform's form of a name"),
    ("{{ a.^${b} }}", "another platform's form of a name"),
    ("{{ var^:a:'b' }}", "another platform's form of a macro"),
    ("{{ ^else }}", "`else` is a tag"),
    ("{{ a ^+ 1 }}", "`| plus: 1`"),
    ("{{ a ^- 1 }}", "`| minus: 1`"),
    ("{% liquid\n ^break %}{{ b }}", "take it out"),
    ("{% for i in a %}x{% else %}{% ^break %}{% endfor %}{{ b }}", "take it out"),
]


@pytest.mark.parametrize(("marked", "hint"), SLIPS)
def test_a_slip_is_found_at_its_place_with_the_mend(marked, hint):
    """What other languages write has a hint of what Liquid writes, where it is (`^`, or a word behind it)."""
    text = marked.replace("^", "")
    found = readable(text).unread[0].error
    assert marked.index("^") <= found.offset <= marked.index("^") + 2 or marked[found.offset :].startswith("&& b")
    assert hint in found.hint


def test_what_cannot_be_read_does_not_hide_the_rest():
    """Behind two macros that can't be read and one that an editor changed the others are still found."""
    text = "{{ a b }} {{ &nbsp;c }} {{ d.e }} {{ f | }} {{ g }}{% if h %}{{ i }}{% endif %}"
    read = readable(text)
    assert len(read.text) == len(text)
    assert not read.whole
    assert [one.mend for one in read.mangled] == ["{{  c }}"]
    assert [one.error.offset for one in read.unread] == [text.index("b }}"), text.index("{{ f")]
    assert [macro.path for macro in read.found.macros] == [("d", "e"), ("g",), ("h",), ("i",)]


def test_a_tag_that_cannot_be_read_ends_the_reading():
    """What is inside of a tag that can't be read isn't judged: it may well be guarded by it."""
    assert readable("{% if a &gt; 1 %}{{ b }}{% endif %}").found is None
    assert readable("{% if a = 1 %}{{ b }}{% endif %}").found is None


def test_a_right_text_is_whole():
    """Nothing is taken out of a text that can be read."""
    text = "{% if a %}x{% else %}{{ b }}{% endif %}{% raw %}{% else if %}{% break %}{% endraw %}"
    text += "{% for i in a %}{% for j in i %}{% break %}{% endfor %}{% continue %}{% else %}{% endfor %}"
    text += "{% comment %}{% break %}{% else x %}{% endcomment %}{% doc %}{% break %}{% enddoc %}"
    assert readable(text).whole
    assert readable(text).text == text
