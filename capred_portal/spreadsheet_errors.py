"""Why a file is no table: the codes and what each says."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "binary": _("This file holds no text. Save the table as .xlsx or as CSV and choose that file."),
    "broken_bundle": _("“%(file)s” cannot be taken out of the ZIP: it is damaged or has a password."),
    "cell_too_long": _("Row %(line)s has a cell of more than %(limit)s characters. Shorten it."),
    "cut_off": _(
        "The last row breaks off: it has %(found)s of %(wanted)s cells. The download was not complete: download the"
        " file again."
    ),
    "duplicate_header": _("Two columns are named “%(names)s”. Give every column its own name."),
    "empty": _("This file is empty."),
    "encoding": _("Row %(line)s has characters that cannot be read. Save the file again as “CSV UTF-8”."),
    "error_cells": _("Cell %(cell)s and many others show an error such as #N/A. Correct their formulas."),
    "formula_without_value": _(
        "Cell %(cell)s is a formula without a saved result. Open the file in Excel, save it and choose it again."
    ),
    "legacy_xls": _("This is a workbook of an old Excel (.xls). Save it as .xlsx or as CSV and choose that file."),
    "merged_header": _(
        "The cells %(cells)s are merged. Undo the merging and name every column in one cell of one row."
    ),
    "no_header": _("The first row must name the columns, but row %(line)s has no words in it."),
    "not_spreadsheet": _("This file is not a spreadsheet. Choose an Excel workbook (.xlsx) or a CSV file."),
    "not_xlsx": _("This is not an Excel workbook (.xlsx), or it is damaged. Save it again as .xlsx."),
    "nothing_needed": _(
        "No row of this file is needed. All tell parts of a total (one customs procedure, mode of transport or second"
        " partner) or trade that is not Cambodia's. Choose the totals when you download it."
    ),
    "password": _("This workbook is protected by a password. Remove the password and save it again."),
    "quotes": _("Row %(line)s has a quotation mark that is not closed, or text after a closing one."),
    "title_row": _(
        "Row %(line)s has a title only. Delete the rows above row %(header)s, which seems to name the columns."
    ),
    "too_big_unpacked": _("This workbook is too big: more than %(limit)s MB when unpacked. Split it."),
    "too_many_columns": _("This table has more than %(limit)s columns."),
    "too_many_files": _("This ZIP holds more than %(limit)s files."),
    "too_many_rows": _("This table has more than %(limit)s rows. Split it and load the parts."),
    "too_many_rows_to_write": _("An Excel workbook holds at most %(limit)s rows. Choose CSV instead."),
    "too_many_rows_xlsx": _(
        "This workbook has more than %(limit)s rows. Save the table as “CSV UTF-8” and choose that file."
    ),
    "too_spread_out": _("The cells of this workbook are too far apart. Delete what is far from the table."),
    "unusual_workbook": _("This workbook is written in an unusual way. Open it in Excel and save it again."),
}


class SpreadsheetError(ValueError):
    """Why a file is no table: a code of MESSAGES and what its message mentions."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def message(error: SpreadsheetError) -> str:
    """Return the error in words, in the language of whoever reads it now."""
    return str(MESSAGES[error.code]) % error.params
