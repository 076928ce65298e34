"""What can be wrong with a file of an input-output table, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "cell": _("%(file)s, row %(line)s (%(row)s), column %(at)s: “%(value)s” is not a number."),
    "cell_format": _(
        "%(file)s, row %(line)s (%(row)s), column %(at)s: “%(value)s” can be read in two ways. Write decimals with a"
        " point, thousands with a comma or not at all."
    ),
    "column_twice": _("%(file)s, row %(line)s: two columns are called %(at)s."),
    "column_without_row": _(
        "%(file)s, row %(line)s: the sector %(at)s has a column but no row. A sector needs both, of one name."
    ),
    "economy_and_year_not_told": _(
        "The names of the files do not say which economy and year the table is of. Fill both in; with the command:"
        " --economy and --year."
    ),
    "economy_not_told": _(
        "The names of the files do not say which economy the table is of. Fill it in; with the command: --economy."
    ),
    "held": _(
        "%(held)s is held already, with other numbers (table %(number)s). Load this one as another edition, or undo the"
        " load of that one."
    ),
    "imported_alone": _("%(file)s, row %(line)s: imports alone are no table. Give the domestic or the total file too."),
    "negative_output": _("%(file)s, row %(line)s (%(row)s), column %(at)s: an output of %(value)s cannot be."),
    "no_block": _(
        "%(file)s: the economy %(economy)s has no rows and columns in it. Known are: %(known)s. Name one by its code."
    ),
    "no_matrix": _(
        "%(file)s: no table is found in which sectors have rows and columns of the same names. See below what a file"
        " must look like."
    ),
    "no_output": _(
        "%(file)s, row %(line)s: below these titles there is no row of output (P1, OUTPUT, output). Was the download"
        " cut off?"
    ),
    "no_value_added": _(
        "%(file)s, row %(line)s: below these titles there is no row of value added (B1G, VALU, value added)."
    ),
    "not_the_sum": _(
        "%(file)s, row %(line)s (%(row)s), column %(at)s: the total is %(total)s, but domestic and imported together"
        " are %(sum)s."
    ),
    "output_differs": _(
        "%(file)s, row %(line)s: the output of %(row)s is %(in_row)s in its row and %(in_column)s in its column."
    ),
    "row_short": _(
        "%(file)s, row %(line)s (%(row)s) breaks off at column %(at)s: it has %(found)s of %(wanted)s cells. The"
        " download was not complete: download the file again."
    ),
    "row_twice": _("%(file)s, row %(line)s: %(row)s stands in row %(other)s already."),
    "row_without_column": _(
        "%(file)s, row %(line)s: %(row)s has no column of that name, and is none of the rows we know. A sector needs a"
        " row and a column of one name; delete a remark."
    ),
    "sectors_differ": _(
        "%(file)s, row %(line)s: its sectors are not those of %(other)s. In one of both only: %(names)s."
    ),
    "sectors_missing": _("%(file)s, row %(line)s: of one origin (%(origin)s) these sectors have no row: %(names)s."),
    "too_many_numbers": _("%(file)s: this is too large a table. Load the table of one economy."),
    "unbalanced": _(
        "%(file)s, row %(line)s: the sector %(row)s does not balance. Inputs, taxes and value added less output:"
        " %(costs)s %% of its output. Sales less output: %(sales)s %%. Allowed are %(tolerance)s %%."
    ),
    "year_not_told": _(
        "The names of the files do not say which year the table is of. Fill it in; with the command: --year."
    ),
}
