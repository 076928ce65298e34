"""Our templates as the server reads them: without their indentation, which a slow line would carry with every page."""

import re

from django.template import Origin
from django.template.loaders import filesystem

# Lines keep their number, so that an error names the right one. Code to be copied, in <pre>, keeps its shape.
INDENTATION = re.compile(r"(<pre\b.*?</pre>)|^[ \t]+", re.MULTILINE | re.DOTALL)


class Loader(filesystem.Loader):
    """Reads the templates of our folder; those of Django and of packages are read as they are."""

    def get_contents(self, origin: Origin) -> str:
        contents = str(super().get_contents(origin))
        return INDENTATION.sub(r"\1", contents) if origin.name.endswith(".html") else contents
