"""Numbers over the register, one file per noun; importing them registers them."""

from enterprises.figures import (  # noqa: F401  registers its figures
    clusters,
    imported_inputs,
    links,
    new_firms,
    owners,
    quality,
    register,
)
