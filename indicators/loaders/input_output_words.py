"""What codes and words of input-output tables mean, in English and Khmer: rows, columns, origins, units, economies."""

import re
from functools import cache

PREFIX = re.compile(r"(?:cpa|cpc|nace|isic|ttl|dom|imp)_(?=.)")  # before the code of a product
DOMESTIC, IMPORTED, TOTAL = "domestic", "imported", "total"

# Rows below the sectors, the first pattern that fits a label as a whole counts; `ignored` are sums and remarks.
ROWS = {
    "jobs_part": r"emp_.+|self_?employed.*|.*wage_(and_salary_|salary_)?earners?.*|employees(_.*)?",
    "jobs": r"emp|empl|(total_)?(jobs?|employment|persons|employed|workers|workforce)(_.*)?|number_of_(jobs|workers|"
    r"persons|people|employees).*|labou?r(_(force|input|persons))?|fte|(ចំនួន)?(ការងារ|អ្នកមានការងារធ្វើ|បុគ្គលិក|និយោជិត).*",
    "output": r"p_?1|x|go|output_bp|((gross|total|domestic)_)*outputs?(_.*)?|total_inputs?(_.*)?|"
    r"(ទិន្នផល|ធាតុចេញ|ផលិតផលដុល|ផលិតផលសរុប|លទ្ធផល).*|ផលិតផល",
    "value_added": r"b_?1_?g(_.*)?|valu|v|va|gva(_.*)?|((gross|total)_)*value_added(_.*)?|តម្លៃបន្ថែម.*",
    "part": r"d_?1\d?(_.*)?|d29.*|.*_on_production.*|(other_)(net_)?tax.*|k_?1.*|p51c|b_?2.*|b_?3.*|compensation.*|"
    r"(labou?r|capital)_(income|compensation|costs?).*|wages.*|salar.*|(consumption_of_fixed_capital|depreciation).*|"
    r".*operating_surplus.*|.*mixed_income.*|profits?.*|(ប្រាក់ឈ្នួល|ប្រាក់បៀវត្ស|ប្រាក់ចំណេញ|រំលោះ).*",
    "taxes": r"d_?21.*|d_?31.*|txs_.*|txsp|int_?ttm|purr|purnr|exp_adj|"
    r"(net_)?(indirect_|product_)?tax(es)?(_.*)?|.*taxes_less_subsidies.*|ពន្ធ.*",
    "imports": r"p_?7|m|(total_)?imports?(_.*)?|imported(_.*)?|(ធាតុចូលនាំចូល|ការនាំចូល|នាំចូល).*",
    "ignored": r"(sub_?)?total.*|tot_.*|sum(_.*)?|p_?2.*|.*intermediate_(consumption|inputs?|use).*|"
    r"ttl_int_fnl|dp6a|ii_fob|ts_bp|"
    r"cif_fob.*|supbp|supply.*|p7_.*|b1n.*|domestic_products|សរុប.*|ផលបូក.*",
}
# Columns beside the sectors.
COLUMNS = {
    "exports": r"p_?6(_.*)?|expo?|e|x|exports?(_.*)?|ការនាំចេញ.*|នាំចេញ.*",
    "imports": r"p_?7|impo|m|(less_)?imports?(_.*)?|ការនាំចូល.*|នាំចូល.*",
    "output": r"p_?1|go|output_bp|((gross|total|domestic)_)*outputs?(_.*)?|(ទិន្នផល|ធាតុចេញ|ផលិតផលដុល|ផលិតផលសរុប).*",
    "final": r"p_?3.*|p_?5.*|hfce|npish|ggfc|gfcf|invnt|dpabr|cons_nonres|f[1-5]|c|g|i|households?(_.*)?|"
    r"(final_)?consumption.*|government(_.*)?|.*fixed_capital.*|.*capital_formation.*|investments?.*|(changes?_in_)?"
    r"(inventor|stock).*|inventory.*|non_?profit.*|(គ្រួសារ|រដ្ឋាភិបាល|វិនិយោគ|ការប្រើប្រាស់ចុងក្រោយ).*",
    "ignored": r"(sub_?)?total.*|sum(_.*)?|tu|tfu|tfinu|tot(_.*)?|ttl_.*|(final|intermediate)_(demand|uses?)|fd|"
    r"តម្រូវការចុងក្រោយ.*|(final_)?uses?|supply.*|supbp|p_?2.*|intermediate(_.*)?|សរុប.*|ផលបូក.*",
}
LABELS = {  # titles of columns that name rows and are no numbers
    *("", "code", "codes", "label", "labels", "title", "name", "names", "sector", "sectors", "industry", "product"),
    *("products", "description", "row", "rows", "row_code", "row_name", "t_rows2", "t_rows2_lab", "numeric_label"),
    *("quadrant", "iotables_row", "no", "nr", "number", "unit", "year", "economy", "country", "prod_na", "induse"),
    *("កូដ", "ឈ្មោះ", "វិស័យ", "ចំណងជើង", "ផលិតផល", "ល_រ"),
}
ORIGIN_COLUMNS = {"block", "origin", "part", "matrix", "stk_flow", "ប្រភព", "ប្រភេទ", "ផ្នែក"}
# A label that says origin, alone or as part of the name of a file or sheet.
ORIGINS = {
    DOMESTIC: r"dom|domestic.*|home|d|ក្នុងស្រុក|ផលិតក្នុងស្រុក",
    IMPORTED: r"imp|import.*|m|នាំចូល|ការនាំចូល",
    TOTAL: r"ttl|total.*|tot|all|both|both_origins|t|សរុប",
}
UNIT = re.compile(
    r"(?i)(thousand|million|billion|thousands|millions|billions|mn|bn|mio)(?:s? of)?[ _-]*(US\$|[A-Z]{3}|€|\$)(?![a-z])"
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def plain(text: str) -> str:
    """Return a label reduced for comparison: small letters, digits, Khmer; everything else is one underscore."""
    return re.sub(r"[^0-9a-z\u1780-\u17ff]+", "_", text.lower()).strip("_")


@cache
def sector_key(text: str) -> str:
    """Return what the same sector has in a row and a column: CPA_A01 and A01, TTL_01 and D01 are each one."""
    key = PREFIX.sub("", plain(text), count=1)
    return re.sub(r"^d(?=\d)", "", key)


@cache
def role_of_row(label: str) -> str:
    """Return what a row is that is no sector; "" where nobody knows."""
    return _role(ROWS, PREFIX.sub("", plain(label), count=1)) or _role(ROWS, plain(label))


@cache
def role_of_column(label: str) -> str:
    """Return what a column is that is no sector; "" where nobody knows."""
    return _role(COLUMNS, plain(label))


def is_all_final(label: str) -> bool:
    """Tell whether a column is all of final demand, which counts where no category is told apart."""
    return re.fullmatch(r"(total_)?final_(demand|uses?)|fd|តម្រូវការចុងក្រោយ.*", plain(label)) is not None


def _role(patterns: dict[str, str], key: str) -> str:
    return next((role for role, pattern in patterns.items() if key and re.fullmatch(pattern, key)), "")


def origin_of(label: str) -> str:
    """Return the origin a cell says, such as "dom" or "Imported"; "" where it says something else."""
    return _role(ORIGINS, plain(label))


def origin_before(code: str) -> tuple[str, str]:
    """Return the origin a code begins with, as in dom_A01, and the code without it; "" and the code without one."""
    found = re.fullmatch(r"(?i)(dom(?:estic)?|imp(?:ort(?:s|ed)?)?|ttl|total)[_ .:-]+(.+)", code.strip())
    return (origin_of(found[1]), found[2]) if found else ("", code)


def origin_in(name: str) -> str:
    """Return the origin that the name of a file or sheet says; "" where it says none, or several."""
    words = re.split(r"[^a-z\u1780-\u17ff]+", re.sub(r"\.(csv|xlsx?|txt)$", "", name.lower()))
    long_words = [word for word in words if len(word) > 1]
    found = {origin for word in long_words if (origin := _role(ORIGINS, word))}
    return found.pop() if len(found) == 1 else ""


def unit_in(name: str) -> str:
    """Return the unit that a name says, such as "thousand HRK" for ..._thousandHRK.csv."""
    found = UNIT.search(name)
    if not found:
        return ""
    size = {"mn": "million", "mio": "million", "bn": "billion"}.get(found[1].lower(), found[1].lower().rstrip("s"))
    return f"{size} {'EUR' if found[2] == '€' else 'US$' if found[2] == '$' else found[2].upper()}"


def year_in(name: str) -> int | None:
    """Return the year that a name says; None where it says none, or several."""
    found = {int(year) for year in YEAR.findall(name)}
    return found.pop() if len(found) == 1 else None
