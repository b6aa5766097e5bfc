"""What the recipes share: where the project stands, and how a table is written."""
import csv
import gzip
import io
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


def write_packed(path, header, rows):
    """The same, packed, byte for byte the same each time."""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(header)
    out.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {len(rows)} rows, {path.stat().st_size} bytes")


HELD = [("hold", "in-force", "today's measures continue"),
        ("lapse by law", "lapse", "nobody signs and what the texts and the law hold for the next deadline comes about"),
        ("threat", "threats", "what has been announced, still stands and is legally available is put in force")]


def talks_toml(head, parties, dates):
    """talks.toml: `head` as it stands, parties as (code, name, what readers write), then the outcomes that all talks have and those of a
    day as (name, day, description)."""
    text = head.strip() + "\n"
    for code, name, reads in parties:
        listed = ", ".join(f'"{word}"' for word in reads)
        text += f'\n[[party]]\ncode = "{code}"\nname = "{name}"\nreads = [{listed}]\n'
    outcomes = [(name, kind, "", what) for name, kind, what in HELD]
    outcomes += [(name, "date", f'date = "{day}"\n', what) for name, day, what in dates]
    for name, kind, day, what in outcomes:
        text += f'\n[[outcome]]\nname = "{name}"\nkind = "{kind}"\n{day}description = "{what}"\n'
    return text
