#!/usr/bin/env python3
"""What the library costs: adding a thousand files, asking ten thousand assets, memory beside the library's size.

Usage: library.py --program FILE --probe FILE [--write]
Writes bench/library.md with --write; the same questions are put to a PostgreSQL of its own where that is installed. The files are tiny WAVs of different content and are read with --facts-only, so that
what is measured is the library and no decoding. Tempo, key and vectors are then put into the catalog for the questions.
"""
import argparse
import array
import base64
import json
import os
import pathlib
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import wave

from measure import run_once

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import postgresql  # noqa: E402: the tests' own server
DIMENSIONS = 48  # as an analysis gives (feature_vector_size)
KEYS = ("A minor", "C major", "F# minor", "Eb major", "")


def make_files(folder, count):
    for number in range(count):
        path = folder / f"{number // 1000:02}" / f"loop {number:05}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(44100)
            file.writeframes(number.to_bytes(4, "little") * 2000)


def filling(names):
    """SQL that gives each asset tempo, key, loudness and a vector, as an analysis would. `names`: the SHA-256s."""
    chance = random.Random(1)
    for sha256 in names:
        vector = base64.b64encode(array.array("f", (chance.gauss(0, 1) for _ in range(DIMENSIONS))).tobytes()).decode().rstrip("=")
        yield f"INSERT INTO vectors (sha256, vector) VALUES ('{sha256}', '{vector}');"
        yield (f"UPDATE assets SET bpm = {chance.uniform(60, 180):.1f}, key = '{chance.choice(KEYS)}', "
               f"loudness_lufs = {chance.uniform(-30, -6)} WHERE sha256 = '{sha256}';")


def fill(catalog):
    with sqlite3.connect(catalog) as database:
        names = [sha256 for (sha256,) in database.execute("SELECT sha256 FROM assets ORDER BY sha256").fetchall()]
        database.executescript("BEGIN;" + "".join(filling(names)) + "COMMIT;")
    return names


def measure_postgresql(program, probe, folder, names):
    """The adding and the questions on a server of the tests' own; None where there is none."""
    try:
        cluster = postgresql.start_cluster()
    except RuntimeError as error:
        print(f"bench: {error}", file=sys.stderr)
        return None
    try:
        url = postgresql.url_of(cluster)
        add = (program, "library", "add", folder / "files" / "00", "--facts-only", "--quiet", "--catalog", url)
        new, unchanged = timed(*add), timed(*add)
        timed(program, "library", "add", folder / "files", "--facts-only", "--quiet", "--catalog", url)
        script = folder / "fill.sql"
        script.write_text("BEGIN;\n" + "\n".join(filling(names)) + "\nCOMMIT;\nANALYZE;\n")
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, url], check=True)
        asked = json.loads(subprocess.run([probe, url], check=True, capture_output=True, text=True).stdout)
        memory, *_ = run_once([program, "library", "list", "--json", "--catalog", url], folder)
        return new, unchanged, asked, memory.peak_mib
    finally:
        postgresql.stop_cluster(cluster)


def timed(*arguments):
    begin = time.perf_counter()
    subprocess.run([str(a) for a in arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def median_ms(*arguments, runs=5):
    return 1000 * statistics.median(timed(*arguments) for _ in range(runs))


def measure_adding(program, folder):
    """Seconds for a thousand files: new, unchanged, and touched (hashed again, nothing analyzed)."""
    catalog = folder / "thousand.db"
    add = (program, "library", "add", folder / "files" / "00", "--facts-only", "--quiet", "--catalog", catalog)
    new, unchanged = timed(*add), timed(*add)
    for path in (folder / "files" / "00").iterdir():
        os.utime(path)
    return new, unchanged, timed(*add)


def measure_memory(program, folder):
    """Peak MiB of a list of all, for libraries of several sizes."""
    figures = {}
    for count in (1000, 10000):
        catalog = folder / f"memory {count}.db"
        for part in range(count // 1000):
            timed(program, "library", "add", folder / "files" / f"{part:02}", "--facts-only", "--quiet", "--catalog", catalog)
        cost, *_ = run_once([program, "library", "list", "--json", "--catalog", catalog], folder)
        figures[count] = cost.peak_mib
    return figures, folder / "memory 10000.db"


def table(rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def report(adding, memory, questions, commands, start_ms, server):
    new, unchanged, touched = adding
    rows = [("question", "assets", "SQLite, ms of CPU in a program"), ("---", "---:", "---:")]
    rows += [(q["question"], str(q["assets"]), f"{q['milliseconds']:.1f}") for q in questions]
    postgres = ""
    if server:
        rows = [(*row, *cells) for row, cells in zip(rows, [("PostgreSQL, ms", "of CPU in a program"), ("---:", "---:")] +
                [(f"{q['elapsed']:.1f}", f"{q['milliseconds']:.1f}") for q in server[2]])]
        postgres = (f"\nPostgreSQL, on the same machine: a thousand files in {server[0]:.1f} s, unchanged {server[1]:.2f} s; peak memory of "
                    f"`list --json` {server[3]:.1f} MiB of 10000 assets.\n")
    command_rows = [("command", "ms"), ("---", "---:")] + [(f"`{name}`", f"{ms:.0f}") for name, ms in commands]
    return f"""# The library, measured

`scripts/bench library` on {platform.machine()}, {os.cpu_count()} cores, other work beside it; medians.

A thousand files (8 kB each, `--facts-only`, so without decoding): new {new:.1f} s, unchanged {unchanged:.2f} s, touched and hashed again {touched:.1f} s.
Asked for: under 20 s.

Ten thousand assets, each with a vector of {DIMENSIONS} numbers. Asked for: under 20 ms.

{table(rows)}
{postgres}
The same as commands, on SQLite, with the start of the program ({start_ms:.0f} ms for `--version`) and everything printed:

{table(command_rows)}

Peak memory of `list --json`: {", ".join(f"{mib:.1f} MiB of {count} assets" for count, mib in memory.items())}.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--probe", type=pathlib.Path, required=True)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    program = args.program.resolve()
    with tempfile.TemporaryDirectory(prefix="dubplate-bench-") as name:
        folder = pathlib.Path(name)
        make_files(folder / "files", 10000)
        adding = measure_adding(program, folder)
        memory, catalog = measure_memory(program, folder)
        names = fill(catalog)
        questions = json.loads(subprocess.run([args.probe, catalog], check=True, capture_output=True, text=True).stdout)
        first = json.loads(subprocess.run([program, "library", "list", "--limit", "1", "--json", "--catalog", catalog], check=True,
                                          capture_output=True, text=True).stdout)["items"][0]["id"]
        asked = [("library list", ["list"]), ("library list --json", ["list", "--json"]), ("library list --limit 50", ["list", "--limit", "50"]),
                 ("library find bpm:90..110", ["find", "bpm:90..110"]), ("library similar ID", ["similar", first])]
        commands = [(name, median_ms(program, "library", *words, "--catalog", catalog)) for name, words in asked]
        text = report(adding, memory, questions, commands, median_ms(program, "--version"),
                      measure_postgresql(program, args.probe, folder, names))
    print(text)
    if args.write:
        (ROOT / "bench" / "library.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
