"""Files of input-output tables for tests: three sectors that balance, in every layout they may come in."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from capred_portal import bundles, loads
from capred_portal.models import Load
from indicators.inputs.tables import accounts_of
from indicators.models import InputOutputTable
from tests.enterprises.test_enterprise_load import carry_out
from tests.factories import make_user
from tests.machine import IN_CI

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "iot"
DOMESTIC = """code,title,A,M,S,households,exports
A,Agriculture,10,30,5,35,20
M,Manufacturing,20,40,15,75,50
S,Services,10,20,20,70,30
value added,,40,40,95,,
output,,100,200,150,,
jobs,,50,20,45,,
"""
IMPORTED = """code,title,A,M,S,households,exports
A,Agriculture,5,20,0,10,0
M,Manufacturing,15,40,10,30,0
S,Services,0,10,5,5,0
"""
TOTAL = """code,title,A,M,S,households,exports,imports
A,Agriculture,15,50,5,45,20,-35
M,Manufacturing,35,80,25,105,50,-95
S,Services,10,30,25,75,30,-20
value added,,40,40,95,,,
output,,100,200,150,,,
"""
PAIR = {"KHM_2022_domestic.csv": DOMESTIC, "KHM_2022_imports.csv": IMPORTED}


def published(*names: str) -> dict[str, bytes]:
    paths = [REFERENCE / name for name in names]
    for path in paths:
        if not path.exists() and not IN_CI:
            pytest.skip(f"skipped: because {path} is missing")
    return {path.name: path.read_bytes() for path in paths}


def packed(files: dict[str, str] | dict[str, bytes]) -> tuple[bytes, str]:
    """Return several files as the page and the command keep them."""
    given = [(name, io.BytesIO(text.encode() if isinstance(text, str) else text)) for name, text in files.items()]
    with bundles.packed(given) as (file, name):
        file.seek(0)
        return file.read(), name


def check(files: dict[str, Any], kind: str = "labelled-iot", **scope: Any) -> Load:
    """Return a load of these files after its check, as the worker leaves it."""
    content, name = packed(files)
    found = loads.REGISTRY[kind]
    load = loads.receive(kind=found, content=content, file_name=name, scope=scope, by=make_user(), enqueue=False)
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    return load


def load_table(files: dict[str, Any], kind: str = "labelled-iot", **scope: Any) -> InputOutputTable:
    """Return the table that files become."""
    load = check(files, kind, **scope)
    assert load.state == Load.State.CHECKED, loads.problem_message(load)
    assert not load.counts["wrong"], [loads.reasons(loads.kind_of(load), row) for row in load.rows.all()]
    assert carry_out(load).state == Load.State.DONE
    return InputOutputTable.objects.active().get(load=load)


def assert_example(table: InputOutputTable) -> None:
    """The three sectors of `DOMESTIC` and `IMPORTED`, told apart."""
    accounts = accounts_of(table)
    assert table.has_imported
    assert accounts.domestic is not None
    assert accounts.domestic.loc["A", "M"] == 30
    assert accounts.imported is not None
    assert accounts.imported.loc["M", "A"] == 15
    assert accounts.output.to_dict() == {"A": 100, "M": 200, "S": 150}
    assert accounts.value_added.to_dict() == {"A": 40, "M": 40, "S": 95}
    assert accounts.exports.to_dict() == {"A": 20, "M": 50, "S": 30}
    assert accounts.final_imported is not None
    assert accounts.final_imported.sum().sum() == 45


def workbook(sheets: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, text in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(text.strip().splitlines()):
                for place, cell in enumerate(line.split(",")):
                    sheet.write(number, place, float(cell) if cell.replace(".", "").isdigit() else cell)
    return target.getvalue()


def rearranged(text: str) -> str:
    """Return a table with its rows and columns the other way round, as far as titles let it."""
    rows = [line.split(",") for line in text.strip().splitlines()]
    turned = [[row[0], row[1], *reversed(row[2:])] for row in [rows[0], *reversed(rows[1:])]]
    return "\n".join(map(",".join, turned))


LAYOUTS: dict[str, dict[str, str]] = {
    "rows and columns in another order": {name: rearranged(text) for name, text in PAIR.items()},
    "one in another order": {"a domestic 2022.csv": DOMESTIC, "an import 2022.csv": rearranged(IMPORTED)},
    "the second file has no name": {"first 2022.csv": DOMESTIC, "second 2022.csv": IMPORTED},
    "total and domestic": {"dom 2022.csv": DOMESTIC, "total 2022.csv": TOTAL},
    "total and imported": {"ttl 2022.csv": TOTAL, "imp 2022.csv": IMPORTED},
    "all three": {"dom 2022.csv": DOMESTIC, "imp 2022.csv": IMPORTED, "total 2022.csv": TOTAL},
    "origin before the code": {
        "2022.csv": DOMESTIC.replace("\nA,", "\ndom_A,").replace("\nM,", "\ndom_M,").replace("\nS,", "\ndom_S,")
        + "".join(f"imp_{line}\n" for line in IMPORTED.splitlines()[1:])
    },
    "origin in a heading": {
        "2022.csv": DOMESTIC.replace("\nA,", "\nDomestic,,,,,,\nA,", 1).replace(
            "value added", "Imported,,,,,,\n" + IMPORTED.partition("\n")[2] + "value added"
        )
    },
    "prefixes and sums": {
        "dom 2022.csv": """t_rows2,A,M,S,TOTAL,P3_S14,P3,P6,TU
CPA_A,10,30,5,45,35,35,20,100
CPA_M,20,40,15,75,75,75,50,200
CPA_S,10,20,20,50,70,70,30,150
CPA_TOTAL,40,90,40,170,180,180,100,450
D1,30,20,60,,,,,
B2G_B3G,10,20,35,,,,,
B1G,40,40,95,,,,,
P1,100,200,150,,,,,
""",
        "imp 2022.csv": IMPORTED.replace("households,exports", "P3_S14,P6"),
    },
    "a title above and sums without a known code": {
        "dom 2022.csv": "Table of 2022,,,,,,,\n"
        + DOMESTIC.replace("households,exports", "homes,abroad by ship,together")
        .replace("35,20", "35,20,55")
        .replace("75,50", "75,50,125")
        .replace("70,30", "70,30,100")
        .replace("abroad by ship", "export"),
        "imp 2022.csv": IMPORTED.replace("households", "homes").replace("exports", "export"),
    },
    "Khmer words": {
        "តារាង 2022 ក្នុងស្រុក.csv": DOMESTIC.replace("households", "គ្រួសារ")
        .replace("exports", "ការនាំចេញ")
        .replace("value added", "តម្លៃបន្ថែម")
        .replace("output", "ទិន្នផល")
        .replace("jobs", "ការងារ"),
        "តារាង 2022 នាំចូល.csv": IMPORTED.replace("households", "គ្រួសារ").replace("exports", "ការនាំចេញ"),
    },
    "output and jobs in other words": {
        "dom 2022.csv": DOMESTIC.replace("output", "Gross output at basic prices")
        .replace("value added", "Gross value added")
        .replace("jobs", "Employment (thousand persons)"),
        "imp 2022.csv": IMPORTED,
    },
    "taxes within value added": {
        "dom 2022.csv": DOMESTIC.replace(
            "value added", "wages,,30,25,60,,\ntaxes,,5,5,5,,\nprofits,,5,10,30,,\nvalue added"
        ),
        "imp 2022.csv": IMPORTED,
    },
    "words of the world table": {
        "2022.csv": """code,title,origin,A,M,S,CONS_h,EXP,GO
A,Agriculture,Domestic,10,30,5,35,20,100
M,Manufacturing,Domestic,20,40,15,75,50,200
S,Services,Domestic,10,20,20,70,30,150
A,Agriculture,Imports,5,20,0,10,0,35
M,Manufacturing,Imports,15,40,10,30,0,95
S,Services,Imports,0,10,5,5,0,20
II_fob,Total intermediate consumption,TOT,60,160,55,225,100,
TXSP,taxes less subsidies on products,TOT,0,0,0,0,0,
IntTTM,International transport margins,TOT,0,0,0,0,0,
VA,Value added at basic prices,TOT,40,40,95,0,0,
GO,Output at basic prices,TOT,100,200,150,,,
"""
    },
    "words of Eurostat": {
        "naio_dom_2022.csv": """prd_ava,CPA_A,CPA_M,CPA_S,TOTAL,P3_S14,P3,P51G,P52,P53,P5M,P5,P6,TFU,TU
CPA_A,10,30,5,45,30,30,4,1,0,1,5,20,55,100
CPA_M,20,40,15,75,70,70,3,1,1,2,5,50,125,200
CPA_S,10,20,20,50,70,70,0,0,0,0,0,30,100,150
CPA_TOTAL,40,90,40,170,170,170,7,2,1,3,10,100,280,450
D21X31,0,0,0,0,0,0,0,0,0,0,0,0,0,0
D1,30,20,60,110,,,,,,,,,,
D29X39,0,0,0,0,,,,,,,,,,
P51C,4,5,5,14,,,,,,,,,,
B2A3N,6,15,30,51,,,,,,,,,,
B2A3G,10,20,35,65,,,,,,,,,,
P1,100,200,150,450,,,,,,,,,,
""",
        "naio_imp_2022.csv": """prd_ava,CPA_A,CPA_M,CPA_S,TOTAL,P3_S14,P3,P51G,P52,P53,P5M,P5,P6,TFU,TU
CPA_A,5,20,0,25,10,10,0,0,0,0,0,0,10,35
CPA_M,15,40,10,65,30,30,0,0,0,0,0,0,30,95
CPA_S,0,10,5,15,5,5,0,0,0,0,0,0,5,20
""",
    },
    "other rows below": {
        "dom 2022.csv": DOMESTIC + "energy used,,3,4,5,,\n",
        "Tables/ImportedFlows 2022.csv": IMPORTED,
    },
    "numbers with thousands": {
        "dom 2022.csv": DOMESTIC.replace(",100,200,150", ',"100.0",200.00,"1.5e2"'),
        "imp 2022.csv": IMPORTED.replace(",0,10,5,5,0", ",-,10,5,5,.."),
    },
}
