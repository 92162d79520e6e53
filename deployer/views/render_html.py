"""Rendered messages as one self-contained page: no script, no request, an email in a frame that may do nothing."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, assert_never

from deployer.kinds.channels import Look, facts
from deployer.nouns import counted
from deployer.views.lettering import right_to_left
from deployer.views.markup import escaped
from deployer.views.render import LONGEST, TITLE, cells, cost, held, longest, place, sample_name, segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Count, Measured, TextRun
    from deployer.preview.message_values import MacroView
    from deployer.preview.rendering import RenderedMessage

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'"
_STYLE = """\
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5a6376; --page: #f5f6fa; --card: #fff; --line: #d9dde6;
  --bubble: #e9ebf1; --data: #ffeeb8; --full: #2f7d5b; --track: #dfe3ec; --warn: #a14400; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --soft: #a3abbd; --page: #14161c; --card: #1d2028;
  --line: #353a47; --bubble: #2b303c; --data: #57491a; --full: #58b58c; --track: #3a404e; --warn: #f0a15e; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 56rem; margin: 0 auto; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem;
  margin: 0 0 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; } h2 { font-size: 1.05rem; margin: 0 0 1rem; } h3 { font-size: .85rem; color: var(--soft);
  margin: 1.1rem 0 .35rem; font-weight: 600; }
.bubble { background: var(--bubble); border-radius: 18px; padding: .7rem 1rem; max-width: 26rem;
  white-space: pre-wrap; width: fit-content; }
.subject { font-weight: 600; }
.data { color: var(--ink); background: var(--data); border-radius: 4px; }
.platform, .soft { color: var(--soft); }
.hole, .over { color: var(--warn); font-style: italic; }
.picture { background: var(--bubble); border-radius: 18px; padding: 2rem 1rem; max-width: 26rem; color: var(--soft);
  margin-bottom: .4rem; }
.cells { display: flex; gap: 4px; max-width: 26rem; }
.cells span { flex: 1; height: .5rem; border-radius: 4px; background: var(--track); overflow: hidden; }
.cells i { display: block; height: 100%; background: var(--full); } .cells .over i { background: var(--warn); }
pre { background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: .7rem; white-space: pre-wrap;
  margin: 0; font-size: .85rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
iframe { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
p { margin: .3rem 0; }"""


def render_html(messages: Sequence[RenderedMessage]) -> str:
    """Write messages as a page that opens from disk and asks for nothing. Users' text is never read as markup.

    With a ground: filled in by the sample's data. Grey: added by Attentive. The HTML of an email is shown in a frame
    without scripts and without pictures from outside.
    """
    title = "Messages" if len(messages) != 1 else messages[0].address
    body = "\n".join(part for message in messages for part in _message(message))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{escaped(title)}</h1>\n<p class="soft"><span class="data">marked</span>: filled in by the sample; '
        f"grey: added by Attentive</p>\n{body or '<p>No message to render.</p>'}\n</main>\n</body>\n</html>"
    )


def _message(message: RenderedMessage) -> Iterator[str]:
    remark = ", made from the schema" if message.made and message.sample else ""
    sample = f", sample {message.sample}{remark}" if message.sample else ""
    about = f"({message.channel}{escaped(sample)})"
    yield f'<article>\n<h2>{escaped(message.address)} <span class="soft">{about}</span></h2>'
    match facts(message.channel).look:
        case Look.PHONE:
            yield from _text(message)
        case Look.INBOX:
            yield from _email(message)
        case other:
            assert_never(other)
    for hole in message.holes:
        yield f'<p class="hole">{escaped(hole)} has no value in this sample; Attentive would send the gap.</p>'
    for part, text in message.composer.items():
        yield f"<h3>{part}, composer text</h3>\n<pre{_way(message, part)}>{escape(text)}</pre>"
    if message.macros:
        yield _table(message)
    yield "</article>"


def _text(message: RenderedMessage) -> Iterator[str]:
    if message.media:
        yield f'<div class="picture">picture: {escaped(message.media)}</div>'
    yield f'<div class="bubble"{_way(message, "body")}>{_runs(message, "body")}</div>'
    if message.counts:
        yield f"<h3>{TITLE.removesuffix(':')}</h3>\n{_meter(message, message.counts[0][1])}"
        for rules, count in message.counts:
            yield f"<p>{rules}: {cost(count, message.media)}</p>"
    for label, measured in zip(LONGEST, longest(message), strict=False):
        yield f"<p>{label}: {_held(message, measured)}</p>"


def _held(message: RenderedMessage, measured: Measured) -> str:
    text = escaped("".join(held(message, measured)))
    return f'<span class="over">{text}</span>' if measured.over else text


def _email(message: RenderedMessage) -> Iterator[str]:
    rows = [f'<div class="soft">{escaped(message.sender or message.brand)}</div>']
    for part, look in (("subject", "subject"), ("preheader", "soft")):
        if part in message.rendered:
            rows.append(f'<div class="{look}"{_way(message, part)}>{_runs(message, part)}</div>')
    yield f'<div class="bubble">{"".join(rows)}</div>'
    if "html" in message.rendered:
        framed = escape(message.rendered["html"], quote=True)
        yield f'<h3>html</h3>\n<iframe sandbox="" title="{escaped(message.address)}" srcdoc="{framed}"></iframe>'
    if "plain" in message.rendered:
        yield f'<h3>plain</h3>\n<div class="bubble"{_way(message, "plain")}>{_runs(message, "plain")}</div>'


def _meter(message: RenderedMessage, count: Count) -> str:
    """A cell for each segment; those over the limit have another color."""
    measured = message.measured
    limit, over = (measured.limit, measured.over) if measured else (None, False)
    label = f"{counted(count.units, 'unit')}, {segments(count, message.media)}"
    drawn = [
        f'<span{_over(at, limit) if over else ""}><i style="width:{full:.0%}"></i></span>'
        for at, full in enumerate(cells(count, limit))
    ]
    return f'<div class="cells" role="img" aria-label="{label}">{"".join(drawn)}</div>'


def _over(at: int, limit: int | None) -> str:
    return ' class="over"' if limit is not None and at >= limit else ""


def _way(message: RenderedMessage, part: str) -> str:
    words = part != "html" and right_to_left(message.reads(part))
    return ' dir="rtl"' if words else ""


def _runs(message: RenderedMessage, part: str) -> str:
    return "".join(map(_run, message.runs.get(part, ()))) or escape(message.reads(part))


def _run(run: TextRun) -> str:
    if run.macro and not run.text:
        return f'<span class="hole" title="{escaped(run.macro)}">[nothing]</span>'
    if run.origin == "author":
        return escape(run.text)
    title = f' title="{escaped(run.macro)}"' if run.macro else ""
    return f'<span class="{run.origin}"{title}>{escape(run.text)}</span>'


def _table(message: RenderedMessage) -> str:
    """A row a macro, a column a sample."""
    names = list(dict.fromkeys(name for macro in message.macros for name in macro.values))
    titles = ("macro", "type", "line", *(sample_name(message, name) for name in names))
    head = "".join(f'<th scope="col">{escaped(name)}</th>' for name in titles)
    rows = "\n".join(_row(macro, names) for macro in message.macros)
    return f'<h3>macros</h3>\n<div class="wide"><table>\n<tr>{head}</tr>\n{rows}\n</table></div>'


def _row(macro: MacroView, names: Sequence[str]) -> str:
    kind = f"{macro.type or 'unknown'}{', optional' if macro.optional else ''}"
    values = [macro.values.get(name) for name in names]
    cells = ['<td class="hole">nothing</td>' if value is None else f"<td>{escaped(value)}</td>" for value in values]
    name, where = f"<code>{escaped(macro.name)}</code>", escaped(place(macro))
    return f"<tr><td>{name}</td><td>{escaped(kind)}</td><td>{where}</td>{''.join(cells)}</tr>"
