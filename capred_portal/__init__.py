"""The project package: what all apps share."""
