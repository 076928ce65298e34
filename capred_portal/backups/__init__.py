"""Backups: the whole content of the portal in one file, the same bytes whichever database it came from."""
