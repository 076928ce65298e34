"""Input-output tables and scenarios for tests: three sectors with imports and jobs, small enough to check by hand."""

from typing import Any

from indicators.models import InputOutputCell, InputOutputSector, InputOutputTable, Scenario, Source
from tests.indicator_factories import make_source

SECTORS = ("A", "M", "S")
NAMES = (("Agriculture", "កសិកម្ម"), ("Manufacturing", "កម្មន្តសាល"), ("Services", "សេវាកម្ម"))
DOMESTIC = {"A": (10, 30, 5), "M": (20, 40, 15), "S": (10, 20, 20)}
IMPORTED = {"A": (5, 20, 0), "M": (15, 40, 10), "S": (0, 10, 5)}
FINAL_DOMESTIC = {"A": (35, 20), "M": (75, 50), "S": (70, 30)}  # households, exports
FINAL_IMPORTED = {"A": (10, 0), "M": (30, 0), "S": (5, 0)}
OUTPUT = (100, 200, 150)
JOBS = (50, 20, 45)


def make_table(*, jobs: bool = True, **values: Any) -> InputOutputTable:
    """Make a table whose columns and rows balance: output is inputs of both origins and value added."""
    about: dict[str, Any] = {
        "economy": "KHM",
        "year": 2022,
        "layout": "labelled-iot",
        "classification": "three",
        "unit": "million US$",
    }
    values = about | {"classification": "three", "has_jobs": jobs, "largest_residual_pct": 0} | values
    table = InputOutputTable.objects.create(source=values.pop("source", None) or make_table_source(), **values)
    InputOutputSector.objects.bulk_create(
        InputOutputSector(table=table, position=place, code=code, title_en=english, title_km=khmer)
        for place, (code, (english, khmer)) in enumerate(zip(SECTORS, NAMES, strict=True), 1)
    )
    InputOutputCell.objects.bulk_create(
        InputOutputCell(table=table, block=block, row=row, column=column, value=value)
        for block, row, column, value in cells(with_jobs=jobs)
    )
    return table


def make_table_source() -> Source:
    """Make an edition with words in both languages."""
    return make_source(title_km="តារាងសាកល្បង", publisher_km="ការិយាល័យស្ថិតិ")


def cells(*, with_jobs: bool) -> list[tuple[str, str, str, float]]:
    """Return the cells of the table: block, row, column, value."""
    square = [
        (block, row, column, float(value))
        for block, rows in (("zd", DOMESTIC), ("zm", IMPORTED))
        for row, values in rows.items()
        for column, value in zip(SECTORS, values, strict=True)
    ]
    final = [
        (block, row, column, float(value))
        for block, rows in (("fd", FINAL_DOMESTIC), ("fm", FINAL_IMPORTED))
        for row, values in rows.items()
        for column, value in zip(("HFCE", "EXPO"), values, strict=True)
    ]
    bought = [sum(rows[row][place] for rows in (DOMESTIC, IMPORTED) for row in SECTORS) for place in range(3)]
    last = [("x", "", code, float(OUTPUT[place])) for place, code in enumerate(SECTORS)]
    last += [("v", "", code, float(OUTPUT[place] - bought[place])) for place, code in enumerate(SECTORS)]
    last += [("jobs", "", code, float(JOBS[place])) for place, code in enumerate(SECTORS)] if with_jobs else []
    return [*square, *final, *last]


def make_scenario(**values: Any) -> Scenario:
    """Make a scenario: half of the manufactured inputs that manufacturing imports are bought at home."""
    shifts = [{"input": "M", "buyer": "M", "share_pct": 50}]
    about = {"title_en": "Half of the inputs at home", "shifts": shifts}
    return Scenario.objects.create(**about | {"table": values.pop("table", None) or make_table()} | values)
