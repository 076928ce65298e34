"""What can be loaded about indicators, one file per noun; importing them registers them."""

from indicators.loaders import (  # noqa: F401  registers their kinds
    comtrade,
    concordances,
    correspondences,
    input_output,
    observations,
    series,
    targets,
    value_chains,
)
