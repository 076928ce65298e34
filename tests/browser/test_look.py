"""How pages look, where a style can be wrong and no other test sees it."""

from tests.factories import make_workshop
from tests.routes import make_sample

MIDDLE_OF_WORDS = """(link) => {
    const range = document.createRange();
    range.selectNodeContents(link);
    const [words, box] = [range.getBoundingClientRect(), link.getBoundingClientRect()];
    return words.top + words.height / 2 - box.top - box.height / 2;
}"""
EDGES = """(row) => [...row.children].map((each) => {
    const box = each.getBoundingClientRect();
    return [Math.round(box.left), Math.round(box.top), Math.round(box.bottom)];
})"""


def test_words_stand_in_the_middle_of_small_buttons(page_for):
    page = page_for("staff")
    page.goto(make_workshop().get_absolute_url())

    offsets = page.locator("main a.button.small").evaluate_all(f"(all) => all.map({MIDDLE_OF_WORDS})")

    assert offsets
    assert all(abs(offset) < 2 for offset in offsets)


def test_facts_stand_one_below_the_other_on_a_phone_in_both_languages(page_for):
    workshop = make_workshop()
    for language in ("en", "km"):
        page = page_for("staff", language=language, width=390)
        page.goto(workshop.get_absolute_url())

        (left, _top, bottom), (other, below, _end) = page.locator(".facts > div").first.evaluate(EDGES)

        assert left == other
        assert 0 <= below - bottom < 4


def test_titles_of_sides_keep_their_width_beside_their_counts_on_a_phone(page_for):
    make_sample()
    page = page_for("staff", language="km", width=390)
    page.goto("/strategy/")

    widths = page.locator(".pentagon ol > li > a").evaluate_all("(all) => all.map((each) => each.clientWidth)")

    assert widths
    assert min(widths) >= 140
