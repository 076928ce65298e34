"""Names of people and firms: one normal form, one sound across two scripts, and which two are one; without Django.

Records are compared in `capred_portal.matching.pairs`, many of them in `capred_portal.matching.blocks`.
"""

from capred_portal.matching.firms import firm_key, firm_sound
from capred_portal.matching.sounds import name_sound, romanise, sound_key
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
    "firm_key",
    "firm_sound",
    "name_key",
    "name_sound",
    "normalise_lines",
    "normalise_text",
    "romanise",
    "search_key",
    "sound_key",
    "split_honorific",
]
