"""Loading UN Comtrade: the columns of its files, how their cells are read, and the kind of load they are."""

import re
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.load_kinds import Column, LoadKind, register
from capred_portal.periods import FIRST_YEAR, LAST_YEAR, is_in_range
from enterprises import hs
from indicators import economies
from indicators.loaders import comtrade_flows
from indicators.loaders.published import check_scope, editions, places
from indicators.models import TradeFlow
from indicators.models.trade import ALL_GOODS

CHUNK = 5_000
MOST_ROWS = 2_000_000
NOT_SPECIFIED = re.compile("99(?:99){0,2}")  # goods that no chapter holds, as Comtrade writes them
PLAIN_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,3})0*)?")
EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?e\+?[0-9]{1,2}")  # as programs write; a spreadsheet's E+10 has lost digits

MESSAGES: dict[str, Any] = {
    **hs.MESSAGES,
    "flow": _("“%(value)s” is no flow we know. Write M, X, RM or RX: import, export, re-import, re-export."),
    "month": _("“%(value)s” is no month. Write 1 to 12."),
    "not_hs": _(
        "“%(value)s” is no edition of the Harmonized System (H0 to H6). Ask Comtrade for HS codes: codes of SITC, of"
        " economic categories and of services mean something else."
    ),
    "other_classification": _(
        "The trade of this reporter and year is held in %(held)s already, and two classifications are never added up."
        " Load %(told)s as another edition."
    ),
    "period": _("“%(value)s” is no period. Write a year like 2023, or a year and month like 202301."),
    "period_differs": _("The period %(value)s and the year or month beside it do not agree."),
}


# Cells


def amount(cell: str) -> Any:
    """Read an amount as text with three decimals, the thousandth of a dollar or kilogram; programs write more."""
    bare = cell.strip()
    if match := PLAIN_AMOUNT.fullmatch(bare):
        return f"{match[1]}.{match[2] or '':0<3}"
    if EXPONENT.fullmatch(bare):
        return f"{float(bare):.3f}"
    value = columns.decimal(bare, max_digits=37, decimal_places=20, minimum=0, maximum=10**16)
    return value if value is None or value is columns.CLEAR else f"{value:.3f}"


def classification(cell: str) -> Any:
    """Read which edition of the Harmonized System the codes are of: H0 to H6."""
    value = columns.text(cell, 10)
    if isinstance(value, str) and not re.fullmatch("H[0-9]", value):
        raise columns.CellError("not_hs", value)
    return value


def flow(cell: str) -> Any:
    """Read the direction of trade; those that are parts of another are read too, to be left out."""
    value = columns.text(cell, 60)
    if not isinstance(value, str):
        return value
    code = FLOWS.get(value) or FLOWS.get(value.lower())
    if code is None:
        raise columns.CellError("flow", value)
    return code


def goods(cell: str) -> Any:
    """Read a code of goods: TOTAL, or two, four or six digits of the Harmonized System."""
    bare = cell.strip()
    if bare == ALL_GOODS or NOT_SPECIFIED.fullmatch(bare):
        return bare
    return hs.hs_code(bare)


def period(cell: str) -> Any:
    """Read a year, 2023, or a month, 202301, as text."""
    value = columns.text(cell, 20)
    if not isinstance(value, str):
        return value
    if not re.fullmatch("[0-9]{4}(?:[0-9]{2})?", value) or not is_in_range(int(value[:4])):
        raise columns.CellError("period", value)
    if value[4:] and not "01" <= value[4:] <= "12":
        raise columns.CellError("month", value)
    return value


def number(maximum: int, minimum: int = 0) -> Any:
    return partial(columns.integer, minimum=minimum, maximum=maximum)


FLOWS = {code: code for code in (*TradeFlow.Flow.values, *comtrade_flows.PARTS_OF_FLOWS)}
FLOWS |= {"import": "M", "export": "X", "re-import": "RM", "re-export": "RX"}
ECONOMY = number(9_999)
CODE = partial(columns.text, max_length=20)
FREQUENCY = partial(columns.choice, choices={"A": "A", "M": "M"})
COLUMNS = (
    Column("freqCode", "Frequency", "ភាពញឹកញាប់", FREQUENCY, (), "A", repeats=True),
    Column("refYear", "Year", "ឆ្នាំ", number(LAST_YEAR, FIRST_YEAR), ("ref year",), "2022", repeats=True),
    Column("refMonth", "Month", "ខែ", number(99), ("ref month",), "", repeats=True),
    Column("period", "Period", "រយៈពេល", period, (), "2022", repeats=True),
    Column("reporterCode", "Reporter", "អ្នករាយការណ៍", ECONOMY, ("reporter code",), "116", repeats=True),
    Column("flowCode", "Flow", "លំហូរ", flow, ("trade flow code", "flow code"), "M", repeats=True),
    Column("partnerCode", "Partner", "ដៃគូ", ECONOMY, ("partner code",), "156", repeats=True),
    Column("partner2Code", "Second partner", "ដៃគូទីពីរ", CODE, ("2nd partner code",), "0", repeats=True),
    Column(
        "classificationCode", "Classification", "ចំណាត់ថ្នាក់", classification, ("classification code",), "H6", repeats=True
    ),
    Column("cmdCode", "HS code", "កូដ HS", goods, ("commodity code", "cmd code"), "520812", repeats=True),
    Column("customsCode", "Customs procedure", "នីតិវិធីគយ", CODE, ("customs proc. code",), "C00", repeats=True),
    Column("motCode", "Mode of transport", "មធ្យោបាយដឹកជញ្ជូន", CODE, ("mode of transport code",), "0", repeats=True),
    Column("netWgt", "Net weight, kg", "ទម្ងន់សុទ្ធ (គីឡូក្រាម)", amount, ("netweight (kg)", "net weight"), "12500"),
    Column("isQtyEstimated", "Quantity is estimated", "បរិមាណប៉ាន់ស្មាន", columns.yes_no, (), "False", repeats=True),
    Column("isNetWgtEstimated", "Weight is estimated", "ទម្ងន់ប៉ាន់ស្មាន", columns.yes_no, (), "False", repeats=True),
    Column("cifvalue", "CIF value, US$", "តម្លៃ CIF (ដុល្លារ)", amount, ("cif trade value (us$)", "cif value"), "83000"),
    Column("fobvalue", "FOB value, US$", "តម្លៃ FOB (ដុល្លារ)", amount, ("fob trade value (us$)", "fob value"), ""),
    Column("primaryValue", "Value, US$", "តម្លៃ (ដុល្លារ)", amount, ("trade value (us$)", "primary value"), "83000"),
)


def labels() -> dict[str, dict[Any, Any]]:
    """Return the words behind codes, by column."""
    named = economies.titles()
    return {
        "reporterCode": named,
        "partnerCode": named,
        "flowCode": dict(TradeFlow.Flow.choices),
        "refMonth": {0: _("whole year")},
        "cmdCode": {ALL_GOODS: _("all goods")},
    }


register(
    LoadKind(
        name="comtrade",
        title=_("Trade flows of UN Comtrade"),
        about=_(
            "Imports and exports of goods by partner and HS code, by year or month: what Cambodia reports, what its"
            " partners report of it, and the world's exports. Values are in US$, with freight for imports, free on"
            " board for exports. Only the totals over customs procedures, modes of transport and second partners are"
            " kept."
        ),
        columns=COLUMNS,
        needs_one_of=("primaryValue",),
        start=comtrade_flows.FlowChecker,
        write=comtrade_flows.write,
        undo_blockers=comtrade_flows.undo_blockers,
        undo=comtrade_flows.undo,
        messages=MESSAGES,
        apps=("indicators",),
        scope=("source",),
        ask=editions,
        check_scope=check_scope,
        chunk=CHUNK,
        max_rows=MOST_ROWS,
        places=places,
        labels=labels,
        shown=(("cmdCode",), ("reporterCode", "flowCode", "partnerCode"), ("refYear", "refMonth")),
    )
)
