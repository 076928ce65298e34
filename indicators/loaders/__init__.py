"""What can be loaded about indicators, one file per noun; importing them registers them."""

from indicators.loaders import observations, series, targets, value_chains  # noqa: F401  registers their kinds
