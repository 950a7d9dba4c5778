#!/usr/bin/env python3
"""Text: no paths of one machine, no open ends without an issue, no white space at line ends, no file without an end."""
import re

from common import finish, relative, repository_files

TEXT = {".h", ".cpp", ".def", ".py", ".md", ".txt", ".cmake", ".json", ".toml", ".yml", ".yaml", ""}
SKIPPED_FOLDERS = ("fuzz/corpus/", "tests/data/")

RULES = [
    # Home folders and scratch folders of whoever wrote it. System folders (/usr, /proc, /tmp) are everybody's.
    (re.compile(r"(?<![\w.}])/(?:home|root|work|mnt|Users|workspaces?)/[\w.-]"), "a path of one machine"),
    (re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?!\s*\(#\d+\))"), "an open end without an issue: write TODO(#12)"),
    (re.compile(r"[ \t]+$"), "white space at the end of the line"),
    (re.compile(r"^(?:<{7}|>{7}|={7})(?:\s|$)"), "a conflict that was not resolved"),
    (re.compile(r"\b(?:normalis|organis|analys(?:e|er|ers|ing)\b|colour|behaviour|cancelled|cancelling|initialis|"
                r"optimis|serialis|honour|favour|centre\b|metre\b)", re.IGNORECASE), "British spelling"),
]
# This file names what it forbids; the license is quoted.
EXEMPT = {"tests/lint/text.py", "LICENSE"}


def main():
    findings = []
    checked = 0
    for path in repository_files():
        name = relative(path)
        if path.suffix not in TEXT or name in EXEMPT or name.startswith(SKIPPED_FOLDERS):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        checked += 1
        if text and not text.endswith("\n"):
            findings.append(f"{name}: does not end with a line end")
        for number, line in enumerate(text.split("\n"), 1):
            for pattern, meaning in RULES:
                match = pattern.search(line)
                if match:
                    findings.append(f"{name}:{number}: {meaning} ({match.group().strip() or 'space'})")
    finish("text", findings, checked)


if __name__ == "__main__":
    main()
