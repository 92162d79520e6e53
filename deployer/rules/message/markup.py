"""Reading an email's HTML tag by tag, in bounded time: Python's parser looks for the end of each tag up to the end."""

from __future__ import annotations

from html.parser import HTMLParser

from deployer.errors import InnerError

_MOST_OPEN = 20
"""Tags without an end that are passed over; what comes behind more of them is no HTML that a program shows."""


class _BrokenError(InnerError):
    """The text holds many tags that never end."""


class Markup(HTMLParser):
    """Goes through the tags of a text; ``handle_starttag`` gets each."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open = 0
        self._lines = [0, *(index + 1 for index, char in enumerate(html) if char == "\n")]
        try:
            self.feed(html)
            self.close()
        except _BrokenError:
            return

    def check_for_whole_start_tag(self, i: int) -> int:
        """Give the end of a tag, or -1; many without an end are the end of the text."""
        end = super().check_for_whole_start_tag(i)
        self._open += end < 0
        if self._open > _MOST_OPEN:
            raise _BrokenError
        return end

    def begin(self) -> int:
        """Where the tag begins that is handled."""
        line, column = self.getpos()
        return self._lines[line - 1] + column
