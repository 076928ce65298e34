"""Forms of indicators, one file per noun."""
