"""Templates are read without their indentation; their lines, code to be copied and texts keep their shape."""

from django.template import Engine
from django.template.loader import get_template
from django.urls import reverse

from capred_portal.template_files import Loader


def contents_of(folder, name, text):
    """Return a template of a folder as the loader reads it."""
    (folder / name).write_text(text)
    loader = Loader(Engine(dirs=[folder]))
    return loader.get_contents(next(iter(loader.get_template_sources(name))))


def test_indentation_of_a_template_does_not_leave_the_server(tmp_path):
    text = "<table>\n  <tr>\n\t\t<td>{{ cell }}  two</td>\n  </tr>\n\n</table>\n"

    read = contents_of(tmp_path, "page.html", text)

    assert read == "<table>\n<tr>\n<td>{{ cell }}  two</td>\n</tr>\n\n</table>\n"


def test_lines_keep_their_number_so_that_an_error_names_the_right_one(tmp_path):
    text = "<p>\n\n  {% if one %}\n    {% comment %}Why\n    so{% endcomment %}\n  {% endif %}\n</p>\n"

    read = contents_of(tmp_path, "page.html", text)

    assert len(read.splitlines()) == len(text.splitlines())


def test_code_to_be_copied_keeps_its_shape(tmp_path):
    code = '<pre lang="en"><code>let\n  Base = 1\n    in Base</code></pre>'

    read = contents_of(tmp_path, "page.html", f"<div>\n  {code}\n  <p></p>\n</div>")

    assert read == f"<div>\n{code}\n<p></p>\n</div>"


def test_a_text_is_read_as_it_is(tmp_path):
    assert contents_of(tmp_path, "mail.txt", "Due:\n  * one\n") == "Due:\n  * one\n"


def test_words_around_variables_stay_apart():
    shown = get_template("plots/_legend.html").render({"legend": [("level-1", "few")]})

    assert '<span class="swatch level-1"></span> few' in shown


def test_no_page_begins_a_line_with_blanks_except_in_code(db, staff_client):
    page = staff_client.get(reverse("workshops:list")).content.decode()

    assert "<tr>" in page or "empty" in page
    assert not [line for line in page.splitlines() if line[:1].isspace()]
