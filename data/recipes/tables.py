"""What the recipes share: where the project stands, and how a table is written."""
import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def write(path, header, rows):
    """One CSV with Unix line ends; values are written as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {len(rows)} rows, {path.stat().st_size} bytes")
