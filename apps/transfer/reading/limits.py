"""How much of a file is taken, in one place. What is more is refused before it costs anything."""

MOST_ROWS = 200_000
MOST_COLUMNS = 60
# Longer than any cell that could be kept; a quote that nobody closed would make one of the whole file.
LONGEST_CELL = 60_000
# Longer than anybody writes a day, a length or a number.
LONGEST_VALUE = 100

# What a workbook may become when it is unpacked: all of it, its words, and each part of its frame.
MOST_BYTES = 120 * 1024 * 1024
MOST_SHARED = 30 * 1024 * 1024
MOST_FRAME = 4 * 1024 * 1024
MOST_PARTS = 500
# Bytes say little of what is made of them: an element of four bytes becomes hundreds. Beginnings and ends of
# elements, therefore: in all sheets, in the words, in the whole frame, and from one row to the next.
MOST_SIGNS = 4_000_000
MOST_SHARED_SIGNS = 400_000
MOST_FRAME_SIGNS = 20_000
MOST_SIGNS_OF_A_ROW = 20_000
# A sheet of few rows is read while somebody waits: sixty full columns of each, and some to spare.
SIGNS_FOR_A_ROW, SIGNS_TO_SPARE = 240, 20_000
