"""What a person should know about payloads that event types were inferred from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.nouns import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.contracts.infer.concluding import Concluded
    from deployer.contracts.infer.observing import Observer, SeenEvent
    from deployer.kinds.event_type import EventType


def writable(text: str) -> bool:
    """Whether YAML can hold a text: no lone surrogate, no control character."""
    return text.isprintable() and bool(text)


def remarks(seen: SeenEvent, concluded: Sequence[Concluded], observer: Observer) -> list[str]:
    """What is worth a look in an event's payloads, as sentences; values aren't quoted."""
    all_remarks = [remark for each in concluded for remark in each.remarks]
    odd = [key for key in seen.properties if not writable(key)]
    all_remarks += [f"{len(odd)} keys hold characters that YAML can't; they were left out"] if odd else []
    empty = [key for key, value in seen.properties.items() if value.types["null"] == value.count]
    all_remarks += [f"`{key}` is always null, so that nothing follows for it" for key in empty if key not in odd]
    all_remarks += [f"{seen.left_out:,} values under too many different keys were left out"] if seen.left_out else []
    if seen.misplaced:
        what = f"the name was in the property `{seen.key}` of {counted(seen.misplaced, 'payload')}"
        all_remarks.append(f"{what}: its senders have to send it as `type`, where Attentive looks for it")
    if observer.nameless:
        all_remarks.append(f"no event is named in {counted(observer.nameless, 'payload')}, left out here")
    return all_remarks


def narrower(event: EventType, concluded: Sequence[Concluded]) -> list[str]:
    """What the events would allow to say more exactly: a declaration is never narrowed by itself."""
    lines = []
    for each in concluded:
        known = event.properties.get(each.key)
        if known is None or known.use:
            continue
        more = {key: each.definition[key] for key in ("format", "enum", "minLength", "pii") if key in each.definition}
        constraints = [f"{key}: {value}" for key, value in more.items() if key not in known.definition]
        if constraints and not {"enum", "const"} & set(known.definition):
            lines.append(f"`{each.key}` could declare {', '.join(constraints)} ({each.evidence})")
    return lines
