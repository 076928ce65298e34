"""Filters of the lists of indicators, one file per noun."""
