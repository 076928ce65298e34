"""Tables longer than the memory: their rows come one after the other, as many as are allowed."""

import io
import tracemalloc

import pytest

from capred_portal.spreadsheets import Row, SpreadsheetError, message, open_table, write_csv, write_xlsx


def opened(content, filename="a.csv", **limits):
    return open_table(io.BytesIO(content), filename, **{"max_rows": 10_000, **limits})


def late_error(table):
    """Return the error that reading the rows, not opening the table, meets."""
    with pytest.raises(SpreadsheetError) as raised:
        list(table.rows)
    assert message(raised.value)
    return raised.value


def test_open_table_reads_rows_while_they_are_asked_for():
    class Counted(io.BytesIO):
        asked = 0

        def read(self, size=-1):
            self.asked += 1
            return super().read(size)

        read1 = read

    file = Counted(write_csv(["Name", "Note"], [[f"Firm {number}", "x" * 50] for number in range(50_000)]))
    table = open_table(file, "a.csv", max_rows=10**6)

    file.asked = 0
    first = next(table.rows)

    assert first == Row(2, ["Firm 0", "x" * 50])
    assert file.asked < 5
    assert sum(1 for _row in table.rows) == 49_999
    assert not file.closed


def test_open_table_of_a_long_file_holds_little():
    content = b"Name,Note,Other\n" + (b"Sok San,O'Smach," + b"5" * 200 + b"\n") * 60_000
    tracemalloc.start()

    rows = sum(1 for _row in opened(content, max_rows=10**6).rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rows == 60_000
    assert peak < 6_000_000


def test_open_table_leaves_its_file_open_when_it_is_not_read_to_its_end():
    file = io.BytesIO(b"Name\n" + b"x\n" * 100_000)
    table = open_table(file, "a.csv", max_rows=10**6)
    next(table.rows)
    del table

    assert not file.closed


def test_open_table_stops_at_its_limit():
    table = opened(b"Name\n1\n2\n3\n", max_rows=2)

    assert late_error(table).code == "too_many_rows"


def test_open_table_asks_for_csv_when_a_workbook_is_too_long():
    content = write_xlsx(["Name"], [[name] for name in "abc"])

    error = late_error(opened(content, max_rows=10, max_rows_xlsx=2))

    assert (error.code, error.params["limit"]) == ("too_many_rows_xlsx", "2")
    assert "CSV" in message(error)
    assert len(list(opened(content, max_rows=10, max_rows_xlsx=3).rows)) == 3
    assert late_error(opened(content, max_rows=2, max_rows_xlsx=3)).code == "too_many_rows"
    assert len(list(opened(b"Name\na\nb\nc\n", max_rows=10, max_rows_xlsx=2).rows)) == 3
