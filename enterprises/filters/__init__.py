"""What the lists of this app can be narrowed by, one file per noun."""
