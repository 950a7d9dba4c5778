#!/usr/bin/env python3
"""Prints the share of lines that the tests reached, by folder of src/, from a build of the coverage preset.

Usage: coverage_table.py BUILD_FOLDER [--floor PERCENT] [--missing] FOLDER...
A line counts as reached if any test program reached it. Fails where a folder lies below the floor.
"""
import argparse
import collections
import concurrent.futures
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def read_counts(notes):
    """Lines of one object file: {(source, line): count}. The notes exist where no test ran it, too."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["gcov", "--json-format", "--object-directory", str(notes.parent), str(notes)],
                       cwd=scratch, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        counts = {}
        for file in pathlib.Path(scratch).glob("*.gcov.json.gz"):
            data = json.loads(gzip.decompress(file.read_bytes()))
            for source in data["files"]:
                path = pathlib.Path(data["current_working_directory"], source["file"]).resolve()
                if path.is_relative_to(ROOT / "src"):
                    name = path.relative_to(ROOT / "src").as_posix()
                    for line in source["lines"]:
                        key = (name, line["line_number"])
                        counts[key] = max(counts.get(key, 0), line["count"])
        return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--floor", type=float, default=0)
    parser.add_argument("--missing", action="store_true", help="name the lines that no test reached")
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()

    notes = sorted(args.build.resolve().rglob("*.gcno"))
    merged = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for counts in pool.map(read_counts, notes):
            for key, count in counts.items():
                merged[key] = max(merged[key], count)

    below = []
    print("coverage of lines          reached   lines    share")
    for folder in args.folders:
        lines = {key: count for key, count in merged.items() if key[0].startswith(folder + "/")}
        reached = sum(1 for count in lines.values() if count)
        share = 100 * reached / len(lines) if lines else 0
        print(f"src/{folder:<22} {reached:>7} {len(lines):>7} {share:>7.1f} %")
        if share < args.floor:
            below.append(folder)
        by_file = collections.defaultdict(list)
        for (name, line), count in sorted(lines.items()):
            by_file[name].append((line, count))
        for name, entries in sorted(by_file.items()):
            unreached = [str(line) for line, count in entries if not count]
            file_share = 100 * (1 - len(unreached) / len(entries))
            if file_share < args.floor:
                print(f"    {name:<40} {file_share:>6.1f} %")
            if args.missing and unreached:
                print(f"        {name}: {' '.join(unreached)}")
    if below:
        print(f"below the floor of {args.floor:g} %: {', '.join(below)}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
