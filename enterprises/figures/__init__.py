"""Numbers over the register, one file per noun; importing them registers them."""

from enterprises.figures import clusters, links, new_firms, owners, quality, register  # noqa: F401  registers its figures
