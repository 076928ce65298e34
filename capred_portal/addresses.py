"""From which address a request came: the one the nearest trusted proxy saw, never what a visitor wrote."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address as text; behind `PROXIES` proxies each of them has added one to the header.

    What stands further left in X-Forwarded-For may be the visitor's own invention. A request that did not come
    through all of the proxies, or carries no address there, counts as the connection's own.
    """
    seen = str(request.META.get("REMOTE_ADDR") or "")
    if not settings.PROXIES:
        return place(seen) or seen
    added = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    candidate = added[-settings.PROXIES] if len(added) >= settings.PROXIES else ""
    return place(candidate) or place(seen) or seen


def place(text: str) -> str:
    """Return an address as one line at home has it: of version 6 its network of 64 bits; "" for what is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.IPv6Address(int(address) >> 64 << 64))
