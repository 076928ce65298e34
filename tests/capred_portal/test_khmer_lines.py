"""Where lines of Khmer may break: between words, or syllables, never inside one, and nothing else changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capred_portal import khmer_lines
from capred_portal.khmer_lines import BREAK, breakable, syllables, words

KHMER = st.text(st.sampled_from([chr(code) for code in range(0x1780, 0x17DE)]), max_size=30)
MIXED = st.text(st.sampled_from([*"កខដរសាិុេោៅំ្់៍័", " ", "a", "1", "។", BREAK, "\u200d"]), max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ក្រសួង", "ក្រ|សួង"),
        ("ភ្នំពេញ", "ភ្នំ|ពេញ"),
        ("របាយការណ៍", "រ|បាយ|ការណ៍"),
        ("ស្ត្រី", "ស្ត្រី"),
        ("នវានុវត្តន៍", "ន|វា|នុវ|ត្តន៍"),
        ("ខ្មែរ និង English 12", "ខ្មែរ និង English 12"),
        ("ពាក្យ" + BREAK + "ខ្មែរវែង", "ពាក្យ|ខ្មែរវែង"),
    ],
)
def test_lines_break_between_syllables_where_no_model_tells_words(text, expected, monkeypatch):
    monkeypatch.setattr(khmer_lines, "cutter", lambda: None)

    assert breakable(text).replace(BREAK, "|") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("បានដាក់បញ្ជូន", "បាន|ដាក់|បញ្ជូន"),
        ("អ្នកផ្គត់ផ្គង់ដែលបានបណ្តុះបណ្តាល", "អ្នកផ្គត់ផ្គង់|ដែល|បាន|បណ្តុះបណ្តាល"),
        ("ក្រសួងឧស្សាហកម្ម វិទ្យាសាស្ត្រ", "ក្រសួង|ឧស្សាហកម្ម វិទ្យាសាស្ត្រ"),
    ],
)
def test_lines_break_between_words(text, expected):
    assert breakable(text).replace(BREAK, "|") == expected


@given(KHMER)
def test_a_run_is_its_words(run):
    assert "".join(words(run)) == run


@given(KHMER | MIXED)
def test_nothing_is_lost_or_moved(text):
    assert breakable(text).replace(BREAK, "") == text.replace(BREAK, "")


@given(KHMER | MIXED)
def test_no_cluster_is_torn(text):
    """No break before a mark or a subscript, none after the sign that makes one, and never two together."""
    added = breakable(text.replace(BREAK, ""))

    assert not re.search(f"{BREAK}[\u17b4-\u17d3\u17dd\u200d]", added)
    assert f"\u17d2{BREAK}" not in added
    assert BREAK * 2 not in added


@given(KHMER)
def test_a_run_is_its_syllables(run):
    assert "".join(syllables(run)) == run
