"""The stylesheet of all pages: joined from its files, each of them used, none longer than people read."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from capred_portal.management.commands.build_assets import STYLES, join_styles

FOLDER = settings.BASE_DIR / "static" / "css"
TEMPLATES = settings.BASE_DIR / "templates"
ELSEWHERE = {"pdf-charts"}  # read by capred_portal/pdf.py


def linked() -> set[str]:
    """Return the names of the style files that templates link."""
    texts = [path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")]
    return {name for text in texts for name in re.findall(r"css/([\w-]+)\.css", text)}


def test_stylesheet_of_all_pages_holds_its_files_in_their_order() -> None:
    joined = Path(finders.find("css/portal.css") or "").read_text("utf-8")

    places = [joined.find((FOLDER / f"{name}.css").read_text("utf-8")) for name in STYLES]

    assert -1 not in places
    assert places == sorted(places)


def test_every_style_file_is_joined_or_linked() -> None:
    files = {path.stem for path in FOLDER.glob("*.css")}

    assert files == ({*STYLES} | linked() | ELSEWHERE) - {"portal"}


def test_no_style_file_has_outgrown_its_room() -> None:
    longest = max(len(path.read_text("utf-8").splitlines()) for path in FOLDER.glob("*.css"))

    assert longest <= 200


def test_stylesheet_is_written_anew_when_a_file_says_something_else(tmp_path: Path) -> None:
    target = tmp_path / "css" / "portal.css"
    join_styles(target)
    whole = target.read_text("utf-8")
    target.write_text("half of it", "utf-8")

    join_styles(target)

    assert target.read_text("utf-8") == whole
    assert [path.name for path in target.parent.iterdir()] == ["portal.css"]
