"""What can be loaded into the register, one file per noun; importing them registers them."""

from enterprises.loaders import enterprises, networks, parts  # noqa: F401  registers their kinds
