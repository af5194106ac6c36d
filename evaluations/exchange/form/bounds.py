"""How large a workbook may be: what lies beyond is refused before it is unpacked or built.

The official form is a sheet of a hundred rows. These bounds leave room for forms fifty times
larger and for everything that an export puts on further sheets (docs/exchange.md).
"""

from __future__ import annotations

MIB = 1024 * 1024

LARGEST_FILE = 10 * MIB
MOST_PARTS = 500
LARGEST_UNPACKED = 32 * MIB
LARGEST_XML_PART = 16 * MIB
# A sheet of repeated words shrinks a lot by nature: only larger parts are measured by their ratio.
MOST_RATIO = 200
FREE_OF_RATIO = MIB

MOST_SHEETS = 50
MOST_ROWS = 5_000
MOST_COLUMNS = 1_024
MOST_CELLS = 50_000
MOST_MERGED_RANGES = 5_000
# Elements are what costs time: of the sheets and texts together, and of each other part.
MOST_ELEMENTS = 300_000
MOST_ELEMENTS_OF_A_PART = 60_000
MOST_CHARACTERS = 8_000_000

MOST_REMARKS = 1_000
LONGEST_FOUND = 80
MOST_CELLS_NAMED = 12
