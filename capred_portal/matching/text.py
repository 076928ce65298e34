"""Text as it is stored, searched and compared: one form of Khmer and Latin spellings, without Django."""

import re
import unicodedata
from functools import lru_cache

KHMER_DIGITS = "០១២៣៤៥៦៧៨៩"

_TO_ASCII_DIGITS = str.maketrans(KHMER_DIGITS, "0123456789")
# What nobody sees: zero-width characters, and those that turn the direction of what stands after them.
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_WITHOUT_UNSEEN = dict.fromkeys(map(ord, _UNSEEN))
_FIND_UNSEEN = re.compile(f"[{_UNSEEN}]").search

# The order of the marks on one Khmer letter, after https://github.com/sillsdev/khmer-character-specification.
_COENG = "\u17d2"  # makes the next letter a subscript
_MARK_ORDER = (
    "\u17cc",  # robat
    _COENG,  # subscripts; RO is the last of them
    "\u17c9\u17ca",  # register shifters
    "\u17c1\u17c2\u17c3",  # vowels written before the letter,
    "\u17bb\u17bc\u17bd",  # below it,
    "\u17b7\u17b8\u17b9\u17ba\u17be",  # above it,
    "\u17b6\u17bf\u17c0\u17c4\u17c5",  # after it
    "\u17c6\u17cb\u17cd\u17ce\u17cf\u17d0\u17d1\u17d3\u17dd",  # signs above
    "\u17c7\u17c8",  # signs after
)
_RANKS = {mark: rank for rank, marks in enumerate(_MARK_ORDER) for mark in marks}
_SUBSCRIPT_RO = f"{_COENG}\u179a"

_LETTER = "[\u1780-\u17b3]"
_MARK = f"(?:{_COENG}{_LETTER}|[{''.join(_RANKS).replace(_COENG, '')}])"
_FIND_CLUSTERS = re.compile(f"({_LETTER})({_MARK}{{2,}})")
_FIND_MARKS = re.compile(_MARK)

# Spellings that look the same on paper: subscript DA is drawn as TA, two vowels can be typed in two parts.
_SUBSCRIPT_DA, _SUBSCRIPT_TA = f"{_COENG}\u178a", f"{_COENG}\u178f"
_LOOKALIKES = ((_SUBSCRIPT_DA, _SUBSCRIPT_TA), ("\u17c1\u17b8", "\u17be"), ("\u17c1\u17b6", "\u17c4"))

_LONG_WORD = 40

_LATIN_HONORIFICS = (
    r"(?:his|her|your) excellency",
    "excellency",
    r"h\. ?e",
    r"(?-i:HE(?=\s+\S*[a-z]))",  # He is a family name too: only in capitals before a name that is not
    r"(?:neak |lok )?oknha",
    r"lok chum ?teav",
    r"lok srey",
    "samdech",
    r"(?:asst|assoc)\.? prof",
    r"prof(?:essor)?",
    "dr",
    "madame?",
    "miss",
    "mrs?",
    "ms",
)
# Longer ones first. Often written without a space before the name, except the last two: names begin so.
_KHMER_HONORIFICS = (
    "ឯកឧត្តម",
    "លោកជំទាវ",
    "លោកស្រី",
    "លោក",
    "អ្នកឧកញ៉ា",
    "អ្នកស្រី",
    "អ្នកនាង",
    "ឧកញ៉ា",
    "សម្តេច",
    r"បណ្ឌិត(?=\s)",
    r"កញ្ញា(?=\s)",
)
_FIND_HONORIFICS = re.compile(
    rf"(?:(?:{'|'.join(_LATIN_HONORIFICS)})(?:\.\s*|\s+)"
    rf"|(?:{'|'.join(_KHMER_HONORIFICS)})(?![\u17b4-\u17d3\u17dd])\s*)+(?=\S)",
    re.IGNORECASE,
)


class _SearchCharacters(dict[int, str]):
    """What search compares instead of a character; worked out when a character is first seen."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        digit = unicodedata.decimal(character, None)
        category = unicodedata.category(character)
        if digit is not None:
            found = str(digit)
        elif 0x300 <= code <= 0x36F or category == "Cf":  # accents on Latin letters; invisible marks
            found = ""
        else:
            found = character if category[0] in "LMN" else " "
        self[code] = found
        return found


_SEARCH_CHARACTERS = _SearchCharacters()
_ASCII_SEARCH = {code: _SEARCH_CHARACTERS[code].lower() for code in range(128)}


def ascii_digits(text: str) -> str:
    """Return the text with Khmer digits written as 0 to 9."""
    return text if text.isascii() else text.translate(_TO_ASCII_DIGITS)


def name_key(name: str) -> str:
    """Return what two spellings of one person's name have in common: the search key without honorifics."""
    return search_key(split_honorific(name)[1])


def normalise_lines(text: str) -> str:
    """Return prose in its stored form: as `normalise_text`, but line breaks stay.

    So do zero-width spaces, which tell a browser where a Khmer line may break; search ignores them.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _canonical("\n".join(line.rstrip() for line in lines)).rstrip()


def normalise_text(text: str) -> str:
    """Return one line of text in its stored form.

    The text is NFC, its Khmer clusters are in canonical order, it has single spaces and no characters that nobody
    sees. No letter is replaced by another.
    """
    if text.isascii():
        return " ".join(text.split())
    if _FIND_UNSEEN(text):
        text = text.translate(_WITHOUT_UNSEEN)
    return " ".join([_normal_word(word) for word in text.split()])


def search_key(*texts: str) -> str:
    """Return what search compares: without case, accents, punctuation, Khmer digits and spelling variants."""
    text = " ".join(texts)
    if text.isascii():
        return " ".join(text.translate(_ASCII_SEARCH).split())
    if _FIND_UNSEEN(text):
        text = text.translate(_WITHOUT_UNSEEN)
    return " ".join(" ".join(map(_search_word, text.split())).split())


def split_honorific(name: str) -> tuple[str, str]:
    """Return the honorifics in front of a person's name, as written, and the name itself.

    A name that is nothing but an honorific is a name.
    """
    name = normalise_text(name)
    # The text that is searched keeps its length: where the match ends is where the name begins.
    match = _FIND_HONORIFICS.match(name.replace(_SUBSCRIPT_DA, _SUBSCRIPT_TA))
    end = match.end() if match else 0
    return name[:end].rstrip(), name[end:]


def _word_key(word: str) -> str:
    """Return the search key of a word; of several words where punctuation is between them."""
    key = unicodedata.normalize("NFKD", _canonical(word))
    key = _canonical(key.translate(_SEARCH_CHARACTERS).casefold())  # what was between two marks is gone now
    if not key.isascii():
        for variant, standard in _LOOKALIKES:
            key = key.replace(variant, standard)
    return " ".join(key.split())


# Names and places repeat: each Khmer word is worked out once. Khmer sentences without spaces are not kept.
_key_of_word = lru_cache(maxsize=1 << 16)(_word_key)


def _search_word(word: str) -> str:
    if word.isascii():
        return word.translate(_ASCII_SEARCH)
    return _key_of_word(word) if len(word) < _LONG_WORD else _word_key(word)


def _normal_word(word: str) -> str:
    if word.isascii():
        return word
    return _canonical_word(word) if len(word) < _LONG_WORD else _canonical(word)


def _canonical(text: str) -> str:
    """Return the text in NFC and with the marks of every Khmer cluster in order."""
    if text.isascii():
        return text
    ordered = _FIND_CLUSTERS.sub(_order_marks, unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", ordered)  # a coeng has a combining class, so order can undo NFC


_canonical_word = lru_cache(maxsize=1 << 16)(_canonical)


def _order_marks(cluster: re.Match[str]) -> str:
    letter, marks = cluster.groups()
    return letter + "".join(sorted(_FIND_MARKS.findall(marks), key=_rank))


def _rank(mark: str) -> tuple[int, bool]:
    return _RANKS[mark[0]], mark == _SUBSCRIPT_RO
