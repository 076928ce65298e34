"""Names of firms: what is dropped from them, what says only the trade, and what is left to know a firm by."""

import re
from functools import lru_cache

from capred_portal.matching.sounds import sound_of_words
from capred_portal.matching.text import search_key

# Dropped wherever they stand, as written in a search key. Two words are dropped only together.
LEGAL_FORMS = (
    "co", "coltd", "company", "corp", "corporation", "enterprise", "enterprises", "inc", "incorporated", "limited",
    "llc", "ltd", "plc", "pte", "pty", "pvt", "private limited", "public limited", "single member", "sole owner",
    "sole proprietor", "sole proprietorship", "sole trader", "the", "cambodia", "kampuchea", "kh",
)  # fmt: skip
# Khmer is written without spaces: dropped at the beginning and at the end of a word.
KHMER_LEGAL_FORMS = (
    "ក្រុមហ៊ុនឯកបុគ្គលទទួលខុសត្រូវមានកម្រិត", "ក្រុមហ៊ុនទទួលខុសត្រូវមានកម្រិត", "ក្រុមហ៊ុនមហាជនទទួលខុសត្រូវមានកម្រិត",
    "ទទួលខុសត្រូវមានកម្រិត", "មហាជនទទួលខុសត្រូវមានកម្រិត", "ឯកជនទទួលខុសត្រូវមានកម្រិត", "ទទួលខុសត្រូវមានកំរិត",
    "សហគ្រាសឯកបុគ្គល", "សហគ្រាសឯកត្តបុគ្គល", "ឯកបុគ្គល", "ឯកត្តបុគ្គល", "ឯកត្តជន", "ក្រុមហ៊ុន", "ក្រុមហ៊ុ៊ន", "សហគ្រាស",
    "សហគ្រិនភាព", "ខូអិលធីឌី", "ខូអិលធីឌី", "អិលធីឌី", "ខូ", "ភីអិលស៊ី", "ភីធីអ៊ី", "អិលអិលស៊ី", "លីមីតធីត", "លីមីធីត",
    "ខមភេនី", "អេនធើប្រាយ", "អេនធើប្រាយស៍", "ខេមបូឌា", "ខេមបូឌី", "ឯក", "មក", "ឯ", "ម", "ក",
)  # fmt: skip
# What a firm makes or is, in Khmer words, in English words written in Khmer letters, and in English.
# Khmer and English names of one firm share these by meaning, not by sound.
TRADES = {
    "garment": "garments apparel clothing កាត់ដេរ សម្លៀកបំពាក់ សំលៀកបំពាក់ ហ្គាម៉េន ហ្គាមិន ហ្គាម៉ិន",
    "textile": "textiles វាយនភណ្ឌ តម្បាញ ធិចស្ទាយល៍",
    "footwear": "shoe shoes ស្បែកជើង",
    "bag": "bags កាបូប",
    "packaging": "packing វេចខ្ចប់ ផេកឃេជជីង",
    "food": "foods ម្ហូបអាហារ អាហារ ចំណីអាហារ ហ្វូដ",
    "beverage": "beverages drinks ភេសជ្ជៈ",
    "water": "ទឹកបរិសុទ្ធ ទឹកសុទ្ធ ទឹក",
    "ice": "ទឹកកក",
    "rice": "អង្ករ ស្រូវ",
    "mill": "milling miller ម៉ាស៊ីនកិនស្រូវ កិនស្រូវ រោងម៉ាស៊ីន",
    "bakery": "bread នំប៉័ង នំបុ័ង",
    "cake": "cakes នំ",
    "noodle": "noodles មី គុយទាវ",
    "sauce": "sauces ទឹកត្រី ទឹកស៊ីអ៊ីវ",
    "sugar": "ស្ករ",
    "pepper": "ម្រេច",
    "cashew": "ស្វាយចន្ទី",
    "cassava": "ដំឡូងមី",
    "rubber": "កៅស៊ូ",
    "fish": "fishery seafood ត្រី សមុទ្រ",
    "meat": "សាច់",
    "feed": "ចំណីសត្វ",
    "wood": "timber furniture ឈើ គ្រឿងសង្ហារិម",
    "paper": "ក្រដាស",
    "printing": "printer print បោះពុម្ព",
    "plastic": "plastics ប្លាស្ទិក ជ័រ ផ្លាស្ទិក",
    "steel": "iron metal ដែក លោហៈ ដែកថែប",
    "brick": "bricks tile tiles ឥដ្ឋ ក្បឿង",
    "cement": "concrete ស៊ីម៉ងត៍ បេតុង",
    "chemical": "chemicals គីមី",
    "medicine": "pharma pharmacy pharmaceutical ឱសថ ឪសថ",
    "electronics": "electronic electric electrical អេឡិចត្រូនិក អគ្គិសនី",
    "machinery": "machine machines គ្រឿងម៉ាស៊ីន ម៉ាស៊ីន",
    "craft": "crafts handicraft handicrafts សិប្បកម្ម",
    "silk": "សូត្រ",
    "agriculture": "agricultural agri agro កសិកម្ម",
    "factory": "works plant manufacturing manufacture manufacturer រោងចក្រ រោងជាង ផលិតកម្ម",
    "industry": "industries industrial ឧស្សាហកម្ម អ៊ិនដាស្ទ្រី",
    "workshop": "រោងសិប្បកម្ម",
    "trading": "trade ពាណិជ្ជកម្ម ត្រេឌីង",
    "shop": "store mart ហាង",
    "export": "នាំចេញ អិចស្ពត",
    "import": "នាំចូល អ៊ីមផត",
    "processing": "កែច្នៃ",
    "product": "products production ផលិតផល",
    "supply": "supplies supplier ផ្គត់ផ្គង់",
    "service": "services សេវា សេវាកម្ម",
    "construction": "សំណង់",
    "transport": "logistics ដឹកជញ្ជូន",
    "group": "គ្រុប ក្រុម",
    "international": "អន្តរជាតិ អ៊ិនធើណេសិនណល",
    "development": "អភិវឌ្ឍន៍",
    "investment": "វិនិយោគ",
    "association": "សមាគម",
    "cooperative": "coop សហគមន៍ សហករណ៍",
    "institute": "វិទ្យាស្ថាន",
    "office": "ការិយាល័យ",
    "branch": "សាខា",
    "new": "ថ្មី",
}
NUMBERS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}  # where a name ends with them

_KHMER_FORMS = sorted({search_key(form) for form in KHMER_LEGAL_FORMS}, key=len, reverse=True)
_LETTERS = frozenset(form for form in _KHMER_FORMS if len(form) < 3)  # abbreviations: only as whole words
_AFFIXES = tuple(form for form in _KHMER_FORMS if form not in _LETTERS)
_SINGLE_FORMS = frozenset(form for form in LEGAL_FORMS if " " not in form) | frozenset(_KHMER_FORMS)
_PAIRED_FORMS = frozenset(tuple(form.split()) for form in LEGAL_FORMS if " " in form)
_SECOND_FORMS = frozenset(second for _, second in _PAIRED_FORMS)
_TRADE_OF = {search_key(word): trade for trade, words in TRADES.items() for word in (trade, *words.split())}
_KHMER_TRADES = re.compile(
    "(" + "|".join(sorted((word for word in _TRADE_OF if not word.isascii() and len(word) > 2), key=len, reverse=True))
    + ")(?![\u17b4-\u17d3\u17dd])"  # a word ends where no mark follows
)  # fmt: skip


# One record needs the key and the sound of its names for several columns: the last names are remembered.
@lru_cache(maxsize=1 << 10)
def firm_key(name: str) -> str:
    """Return the search key of a firm's name without legal forms, in either script."""
    return " ".join(_words_of(name))


@lru_cache(maxsize=1 << 10)
def firm_sound(name: str) -> str:
    """Return how a firm's name sounds, without legal forms."""
    return sound_of_words(_words_of(name))


@lru_cache(maxsize=1 << 10)
def _words_of(name: str) -> tuple[str, ...]:
    return firm_words(search_key(name))


def firm_words(key: str) -> tuple[str, ...]:
    """Return the words of a search key that are no legal form; all of them where nothing else is left."""
    words = key.split()
    kept: list[str] = []
    for word in words:
        if word in _SECOND_FORMS and kept and (kept[-1], word) in _PAIRED_FORMS:
            kept.pop()
        elif word not in _SINGLE_FORMS and (bare := word if word.isascii() else _without_forms(word)):
            kept.append(bare)
    return tuple(kept or words)


@lru_cache(maxsize=1 << 16)
def trade_words(word: str) -> tuple[tuple[str, bool], ...]:
    """Cut a word of a firm's name into trades, in English (true), and what is its own (false)."""
    if word in _TRADE_OF:
        return ((_TRADE_OF[word], True),)
    if word.isascii():
        trade = _TRADE_OF.get(word.removesuffix("s"))
        return ((trade or word, bool(trade)),)
    parts = [part for part in _KHMER_TRADES.split(word) if part]
    return tuple((_TRADE_OF.get(part, part), part in _TRADE_OF) for part in parts)


@lru_cache(maxsize=1 << 16)
def _without_forms(word: str) -> str:
    """Return one Khmer word without legal forms; empty if it is one."""
    if word in _SINGLE_FORMS:
        return ""
    for form in _AFFIXES:
        if word.startswith(form) and not _is_mark(word[len(form)]):
            return _without_forms(word[len(form) :])
        if word.endswith(form):
            return _without_forms(word[: -len(form)])
    return word


def _is_mark(character: str) -> bool:
    return "\u17b4" <= character <= "\u17d3" or character == "\u17dd"
