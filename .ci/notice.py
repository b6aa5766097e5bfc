#!/usr/bin/env python3
"""Writes NOTICE.md: what the binary and its pages carry of others, with their licences. `--check` compares instead.

Reads `cargo metadata` (normal and build dependencies of the command, all platforms) and the licence files of those crates whose terms
ask for attribution beyond MIT and Apache-2.0."""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
META = json.loads(subprocess.run(
    ["cargo", "metadata", "--format-version", "1", "--locked"], cwd=ROOT, check=True, capture_output=True, text=True).stdout)
PACKAGES = {package["id"]: package for package in META["packages"]}
NODES = {node["id"]: node for node in META["resolve"]["nodes"]}


def carried():
    """Packages that the command is built from, our own left out."""
    start = next(key for key, package in PACKAGES.items() if package["name"] == "detente-cli")
    seen, left = set(), [start]
    while left:
        key = left.pop()
        if key in seen:
            continue
        seen.add(key)
        for dependency in NODES[key]["deps"]:
            if any(kind["kind"] in (None, "build") for kind in dependency["dep_kinds"]):
                left.append(dependency["pkg"])
    return sorted((PACKAGES[key] for key in seen if PACKAGES[key]["source"]), key=lambda package: (package["name"], package["version"]))


def text():
    packages = carried()
    lines = [
        "# Notice", "",
        "What the program carries of others; made by `python3 .ci/notice.py`. The terms of the data stand in [DATA-LICENCES.md](DATA-LICENCES.md).", "",
        "| crate | version | licence |", "|---|---|---|",
    ]
    lines += [f"| {package['name']} | {package['version']} | {package['license'] or 'see its licence file'} |" for package in packages]
    plain = {"MIT", "Apache-2.0"}
    for package in packages:
        words = (package["license"] or "").replace("/", " OR ").split(" OR ")
        if plain & {word.strip(" ()") for word in words}:
            continue
        folder = pathlib.Path(package["manifest_path"]).parent
        files = sorted(file for file in folder.iterdir() if file.is_file() and file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE")))
        lines += ["", f"## {package['name']} {package['version']} ({package['license']})", ""]
        for file in files:
            lines += ["```text", file.read_text(encoding="utf-8", errors="replace").rstrip(), "```"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    file, made = ROOT / "NOTICE.md", text()
    if "--check" in sys.argv:
        if not file.exists() or file.read_text(encoding="utf-8") != made:
            sys.exit("NOTICE.md is not what .ci/notice.py writes; run it")
    else:
        file.write_text(made, encoding="utf-8")
