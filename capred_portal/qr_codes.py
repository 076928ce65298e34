"""QR codes that phones' cameras read: as part of a page, without a request of their own, and as files for mails."""

from io import BytesIO

import segno


def qr_image(text: str) -> str:
    """Return the code of a text as the address of an image: dark on white in every color scheme."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=8, dark="#000", light="#fff"))


def qr_png(text: str) -> bytes:
    """Return the code of a text as a PNG file, which mail programs show."""
    file = BytesIO()
    segno.make(text, error="m", micro=False).save(file, kind="png", scale=8)
    return file.getvalue()
