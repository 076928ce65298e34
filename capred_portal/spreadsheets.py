"""Bytes -> table of text (CSV, XLSX), and back; knows no model."""

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from capred_portal.matching import normalise_text, search_key

MESSAGES = {
    "binary": _("This file holds no text. Save the table as an Excel workbook (.xlsx) or as CSV and choose that file."),
    "cell_too_long": _("Row %(line)s has a cell of more than %(limit)s characters. Shorten it."),
    "duplicate_header": _("Two columns are named “%(names)s”. Give every column its own name."),
    "empty": _("This file is empty."),
    "encoding": _("Row %(line)s has characters that cannot be read. Save the file again as “CSV UTF-8”."),
    "legacy_xls": _("This is a workbook of an old Excel (.xls). Save it as .xlsx or as CSV and choose that file."),
    "no_header": _("The first row must name the columns. Row %(line)s has no words in it."),
    "not_spreadsheet": _("This file is not a spreadsheet. Choose an Excel workbook (.xlsx) or a CSV file."),
    "not_xlsx": _("This file is named like an Excel workbook but is not one, or it is damaged. Save it again as .xlsx."),
    "password": _("This workbook is protected by a password. Remove the password and save it again."),
    "quotes": _("Row %(line)s has a quotation mark that is not closed, or text after a closing one."),
    "too_big_unpacked": _("This workbook is too big when unpacked: the limit is %(limit)s MB. Split it or save it as CSV."),
    "too_many_columns": _("This table has more than %(limit)s columns."),
    "too_many_rows": _("This table has more than %(limit)s rows. Split it and load the parts."),
    "unusual_workbook": _("This workbook is written in an unusual way. Open it in a spreadsheet program and save it again."),
}

MAX_COLUMNS = 200
MAX_EXPANDED_BYTES = 200_000_000

_MAX_ZIP_ENTRIES = 1_000
_MAX_GRID_CELLS = 20_000_000  # between the first cell and the last, filled or not: the reader keeps them all
_CHUNK = 1 << 20
_LONGEST_CELL = 32_767  # the limit of a spreadsheet program

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of an .xlsx with a password
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_FORMATS = (b"%PDF", b"{\\rtf", b"<!doctype", b"<html", b"<?xml", b"<table")
_XLSX_ENTRY = "[Content_Types].xml"
_FOREIGN_ENTRIES = {"xl/workbook.bin", "content.xml", "mimetype"}  # of .xlsb and .ods

_CELL_TAG = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_CELL_REFERENCE = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")

_KHMER = re.compile("[\u1780-\u17ff]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # what makes a spreadsheet program run a cell  # noqa: ERA001
