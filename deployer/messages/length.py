"""How long a text is over the samples of its event, held against its limit: one verdict, in one wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.nouns import counted

if TYPE_CHECKING:
    from deployer.messages.counting import Count


@dataclass(frozen=True, slots=True)
class Measured:
    """The count of a text for one sample, by Attentive's published rule.

    ``made``: from the event's schema, by no one. ``unusual``: made to hold characters that nearly every free text may
    hold, which is shown and not held against the limit.
    """

    sample: str
    made: bool
    count: Count
    limit: int | None = None
    unusual: bool = False

    @property
    def over(self) -> bool:
        """Whether the text takes more segments for this sample than it may. The one place that decides it."""
        return self.limit is not None and not self.unusual and self.count.segments > self.limit

    @property
    def size(self) -> tuple[int, int]:
        """What makes one text longer than another: segments, then units."""
        return self.count.segments, self.count.units

    @property
    def named(self) -> str:
        """The sample in words: one that no one declared says that it was made."""
        return f"{self.sample} (made from the schema)" if self.made else self.sample

    @property
    def sentence(self) -> str:
        """The count in words, against the limit where there is one: ``longest makes 3 segments (320 …)``."""
        held = f", {self.verdict}" if self.verdict else ""
        segments = counted(self.count.segments, "segment")
        remark = " (made from the schema)" if self.made else ""
        return f"`{self.sample}`{remark} makes {segments} ({self.count.units} characters, {self.count.encoding}){held}"

    @property
    def verdict(self) -> str:
        """The count against the limit, in words; empty where the text has no limit."""
        if self.limit is None:
            return ""
        if self.unusual:
            return f"not held against the limit of {self.limit}: unusual characters"
        return f"{'over' if self.over else 'within'} the limit of {self.limit}"


@dataclass(frozen=True, slots=True)
class Length:
    """The counts of a text for every sample that can be rendered, in the samples' order; at least one."""

    measured: tuple[Measured, ...]

    @property
    def limit(self) -> int | None:
        """The most segments that the text may have; ``None``: any number."""
        return self.measured[0].limit

    @property
    def fewest(self) -> int:
        """The fewest segments of all samples."""
        return min(measured.count.segments for measured in self.measured)

    @property
    def most(self) -> int:
        """The most segments of all samples."""
        return max(measured.count.segments for measured in self.measured)

    @property
    def worst(self) -> Measured:
        """The longest of what is held against the limit, the first of equals; where nothing is, the longest of all."""
        judged = [measured for measured in self.measured if not measured.unusual]
        return max(judged or self.measured, key=lambda measured: measured.size)

    @property
    def unusual(self) -> Measured | None:
        """The made sample with unusual characters, where it takes more segments than the worst of the others."""
        longer = (
            measured
            for measured in self.measured
            if measured.unusual and measured.count.segments > self.worst.count.segments
        )
        return next(longer, None)

    def longest_over(self, *, made: bool) -> Measured | None:
        """The longest of the samples over the limit that someone declared, or that were ``made``."""
        over = (measured for measured in self.measured if measured.over and measured.made == made)
        return max(over, key=lambda measured: measured.size, default=None)
