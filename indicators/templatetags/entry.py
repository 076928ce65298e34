"""Template tags of entering values: numbers as they are typed."""

from django import template

from indicators.cells import plain

register = template.Library()
register.filter("plain", plain)
