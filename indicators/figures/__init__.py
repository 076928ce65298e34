"""Numbers over what is published and reported, one file per noun; importing them registers them."""

from indicators.figures import published, trade  # noqa: F401  register their figures
