"""Filters of lists, one file per noun: the same parameters serve the list, its count and every figure's link."""
