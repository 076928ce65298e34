"""Build what is not committed: the Khmer catalogue and font, the stylesheet of all pages, plotly's script."""

import filecmp
import os
import shutil
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

KHMER = [*range(0x1780, 0x1800), *range(0x19E0, 0x1A00), 0x200B, 0x200C, 0x200D, 0x25CC]
LATIN = [*range(0x20, 0x250), *range(0x2000, 0x2070), 0x20AC, 0x2122, 0x2212]
FONTS = {"khmer.woff2": KHMER, "report.woff2": [*KHMER, *LATIN]}  # of pages; of PDF files, on machines without fonts

# One stylesheet for all pages, from these files of static/css in this order: what stands later overrules.
STYLES = "tokens page header layout forms tables figures strategy records linkages door print".split()


def compile_catalogues() -> int:
    """Compile every .po file that is newer than its .mo file; return how many there were."""
    catalogues = [po for folder in settings.LOCALE_PATHS for po in Path(folder).rglob("*.po")]
    for po in catalogues:
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))
    return len(catalogues)


def build_font(target: Path, letters: list[int]) -> None:
    """Cut Noto Sans Khmer to some of its letters and one width, weights 400 to 700, as WOFF2."""
    name = "NotoSansKhmer[wdth,wght].ttf"
    with as_file(files("fontpkg_noto_sans_khmer") / "files" / name) as source, TTFont(source) as font:
        instantiateVariableFont(font, {"wdth": 100, "wght": (400, 700)}, inplace=True)
        narrowed = BytesIO()
        font.save(narrowed)
    options = subset.Options(layout_features=["*"], flavor="woff2")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    with TTFont(narrowed) as font:  # read again: the subsetter wants all tables loaded afresh
        subsetter.subset(font)
        target.parent.mkdir(parents=True, exist_ok=True)
        subset.save_font(font, str(target), options)


def join_styles(target: Path) -> None:
    """Write the files of the stylesheet as one, when they say something else than it; readers never see half of it."""
    text = "\n".join((settings.BASE_DIR / "static" / "css" / f"{name}.css").read_text("utf-8") for name in STYLES)
    if target.exists() and target.read_text("utf-8") == text:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(target)


def take_plotly_script(target: Path) -> None:
    """Copy the one file of the plotly package that browsers need, when it is not here in the installed version."""
    with as_file(files("plotly") / "package_data" / "plotly.min.js") as source:
        if not target.exists() or not filecmp.cmp(source, target):  # by size and time first
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


class Command(BaseCommand):
    """Compile the catalogue, cut the font, join the styles, take the script; fast when nothing changed."""

    help = "Compile the Khmer catalogue, build the Khmer web font and the stylesheet, take plotly's script."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        count = compile_catalogues()
        fonts = {settings.BUILD_DIR / "assets" / "fonts" / name: letters for name, letters in FONTS.items()}
        for font, letters in fonts.items():
            if not font.exists():
                build_font(font, letters)
        join_styles(settings.BUILD_DIR / "assets" / "css" / "portal.css")
        take_plotly_script(settings.BUILD_DIR / "assets" / "js" / "plotly.min.js")
        if options["verbosity"] > 0:
            sizes = ", ".join(f"{font.name} {font.stat().st_size:,} bytes" for font in fonts)
            self.stdout.write(f"catalogues: {count}; fonts: {sizes}")
