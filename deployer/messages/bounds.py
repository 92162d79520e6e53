"""What a value in a text may be at most, whichever of the two languages makes it: `[[ … ]]` here or `{{ … }}` there."""

LARGEST = 1_000_000
"""Characters and elements that one value may have."""

BITS = 4_096
"""Bits of the largest number."""

DIGITS = 25
"""Digits that `round` keeps, before or behind the point."""
