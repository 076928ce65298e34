"""Addresses of enterprises, clusters, links and quality, one file per noun."""

from django.urls import URLPattern, URLResolver, include, path

NOUNS: tuple[str, ...] = ()

urlpatterns: list[URLPattern | URLResolver] = [path(f"{noun}/", include(f"enterprises.urls.{noun}")) for noun in NOUNS]
