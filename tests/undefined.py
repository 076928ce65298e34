"""Undefined variables in the portal's own templates, noted while pages render so that the test can fail."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

OUR_TEMPLATES = str(Path(__file__).resolve().parent.parent / "templates")


class UndefinedVariable(str):
    """Stands in for `string_if_invalid`: renders as nothing, like Django's default, but is noted.

    Django asks `if string_if_invalid` in {{ tags }} and `"%s" in string_if_invalid` in {% blocktranslate %},
    only when a variable is missing. Templates of other packages rely on missing variables: those are let be.
    """

    seen: list[str] = []

    def __bool__(self) -> bool:
        self.note(sys._getframe(1), "resolve", "self")
        return False

    def __contains__(self, _: object) -> bool:
        self.note(sys._getframe(1), "render_value", "key")
        return False

    def note(self, frame: FrameType, function: str, variable: str) -> None:
        """Note the variable if Django asks from this function for a node of one of our templates."""
        if frame.f_code.co_name != function:
            return
        missing = frame.f_locals[variable]
        template = template_of(frame)
        if template and template.startswith(OUR_TEMPLATES):
            name = getattr(missing, "var", missing)
            self.seen.append(f"{name} in {Path(template).relative_to(OUR_TEMPLATES)}")


def template_of(frame: FrameType | None) -> str | None:
    """Return the file of the innermost template node being rendered."""
    while frame:
        origin: Any = getattr(frame.f_locals.get("self"), "origin", None)
        if origin is not None:
            return str(origin.name)
        frame = frame.f_back
    return None
