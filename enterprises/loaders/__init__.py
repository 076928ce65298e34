"""What can be loaded into the register, one file per noun; importing them registers them."""

from enterprises.loaders import enterprises  # noqa: F401  registers its kind
