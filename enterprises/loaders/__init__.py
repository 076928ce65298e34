"""What can be loaded into the register, one file per noun; importing them registers them."""
