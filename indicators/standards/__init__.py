"""Figures as other systems collect them: the IATI activity file of a program, SDMX-CSV of the indicators."""
