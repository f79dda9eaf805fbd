"""One person's or one diary's data as a ZIP: JSON with its schema, a CSV file per table, pages to read.

Nothing here grows with the data: rows go through a spool on the disk, a few hundred at a time.
"""

from .writing import Copy, write

__all__ = ["Copy", "write"]
