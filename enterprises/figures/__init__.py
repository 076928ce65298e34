"""Numbers over the register, one file per noun; importing them registers them."""
