"""Compile the translations without gettext's programs, which a fresh machine may not have."""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def compile_all(checkout: Path) -> list[Path]:
    """Compile every catalogue that changed since it was last compiled; returns those."""
    changed = []
    for source in sorted(checkout.glob("locale/**/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        polib.pofile(str(source), check_for_duplicates=True).save_as_mofile(str(target))
        changed.append(source)
    return changed


if __name__ == "__main__":
    for path in compile_all(Path(__file__).resolve().parent.parent):
        sys.stdout.write(f"Compiled {path}\n")
