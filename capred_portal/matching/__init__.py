"""Names of people and firms: one normal form, one sound across two scripts, and which two are one; without Django."""

from capred_portal.matching.text import (
    KHMER_DIGITS,
    ascii_digits,
    name_key,
    normalise_lines,
    normalise_text,
    search_key,
    split_honorific,
)

__all__ = [
    "KHMER_DIGITS",
    "ascii_digits",
    "name_key",
    "normalise_lines",
    "normalise_text",
    "search_key",
    "split_honorific",
]
