"""A page from its parts: data that can't escape, and a policy that lets only its own script run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.views.pages import catalog, graph, page, phones, preview, tasks
from deployer.views.pages.assemble import asset, embedded

DECLARED = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["</script>", "<!--", "]]>", "\u2028", "&lt;"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


class Scripts(HTMLParser):
    """The contents of every script element, as an HTML parser finds them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._inside = tag == "script"
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


@given(VALUES)
def test_data_comes_out_as_it_went_in(value: object) -> None:
    """Whatever the data holds, it stays in its element and is read back unchanged."""
    data, script = Scripts(page("x", value, [], ["dom.js"]).html).found
    assert json.loads(data) == value
    assert script.lstrip().startswith('"use strict"')


@given(st.text())
def test_embedded_data_is_plain(text: str) -> None:
    """Nothing in it means something to HTML or ends a line of a script."""
    assert re.fullmatch(r"[ -~]*", embedded(text))
    assert "<" not in embedded(text)


def test_the_policy_names_the_script() -> None:
    """The script that runs is the one whose digest the policy holds, and the page carries the policy itself."""
    made = page("x", {}, ["base.css"], ["dom.js", "copy.js"])
    script = Scripts(made.html).found[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in made.policy
    carried = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', made.html)
    assert carried is not None
    assert unescape(carried[1]) == made.policy


@pytest.mark.parametrize(("live", "asks"), [(False, False), (True, True)])
def test_only_a_served_page_may_ask(live: bool, asks: bool) -> None:
    """A file may connect to nobody; a served page to its own server."""
    policy = page("x", {}, [], ["dom.js"], live=live).policy
    assert policy.startswith("default-src 'none'; ")
    assert ("connect-src 'self'" in policy) is asks
    assert "http" not in policy


def test_a_title_is_text() -> None:
    """A title can't end its element."""
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in page("</title><script>", {}, [], ["dom.js"]).html


@pytest.mark.parametrize(
    "scripts",
    [
        preview.LIVE_SCRIPTS,
        (*tasks.SCRIPTS, "live.js", "tasks_live.js"),
        phones.SCRIPTS,
        catalog.SCRIPTS,
        graph.SCRIPTS,
    ],
    ids=["preview", "tasks", "phones", "catalog", "graph"],
)
def test_a_name_is_given_once(scripts: tuple[str, ...]) -> None:
    """Scripts share one scope: a function that another script declares too would take its place without a word."""
    names = Counter(name for script in scripts for name in DECLARED.findall(asset(script)))
    assert len(names) > 20
    assert [name for name, times in names.items() if times > 1] == []
