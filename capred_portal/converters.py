"""Parts of addresses that several apps share; importing them registers them."""

from django.urls import register_converter


class FormatConverter:
    """The two kinds of file a table is sent as."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "format")
