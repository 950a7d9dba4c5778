#!/usr/bin/env python3
"""What `dubplate analyze` costs for each core: WAV, FLAC and MP3, facts alone, and memory beside length and number of files.

Usage: analyze.py --program FILE [--runs N] [--no-long] [--write]
Writes bench/analyze.md with --write. CPU time is user + system of the whole process, its start included; medians of runs that take turns.
"""
import argparse
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile

from compare import join_songs
from library import make_files, table
from measure import median, run_once

ROOT = pathlib.Path(__file__).resolve().parent.parent
MINUTES = 10
SECONDS = 60 * MINUTES
FACT_FILES = 1000
WANTED_SPEED = 300
KINDS = (("WAV", "wav", []), ("FLAC", "flac", ["-c:a", "flac"]), ("MP3, 256 kbit/s", "mp3", ["-c:a", "libmp3lame", "-b:a", "256k"]))
DEPTHS = (("all of it, with key", ["--key"]), ("levels, loudness, parts; no tempo, no key", ["--no-tempo"]))


def encoded(source, folder):
    """The same music in each format: {extension: path}."""
    files = {"wav": source}
    for _, extension, options in KINDS[1:]:
        files[extension] = folder / f"music.{extension}"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", source, *options, files[extension]], check=True)
    return files


def measure_speed(program, files, folder, runs):
    """(format, depth) -> median Cost of ten minutes."""
    costs = {}
    for _ in range(runs):
        for _, extension, _ in KINDS:
            for depth, options in DEPTHS:
                cost, *_ = run_once([program, "analyze", files[extension], *options, "--json", "--quiet"], folder)
                costs.setdefault((extension, depth), []).append(cost)
    return {what: median(of) for what, of in costs.items()}


def measure_facts(program, folder, runs):
    """(ms of CPU for each of a thousand files, ms for one alone with the start of the program, peak MiB of 1,000 and of 10,000 files)."""
    make_files(folder / "files", 10 * FACT_FILES)
    some, all_files, one = folder / "files" / "00", folder / "files", folder / "files" / "00" / "loop 00000.wav"
    ask = lambda what: run_once([program, "analyze", what, "--facts", "--json", "--quiet"], folder)[0]
    many = [ask(some) for _ in range(runs)]
    start = statistics.median(ask(one).cpu_seconds for _ in range(2 * runs + 1))
    each = (statistics.median(c.cpu_seconds for c in many) - start) / (FACT_FILES - 1)
    return 1000 * each, 1000 * start, statistics.median(c.peak_mib for c in many), ask(all_files).peak_mib


def report(speeds, facts, lengths, runs):
    each, start, thousand, ten_thousand = facts
    rows = [("format", *(depth for depth, _ in DEPTHS)), ("---", *("---:" for _ in DEPTHS))]
    for name, extension, _ in KINDS:
        rows.append((name, *(f"{SECONDS / speeds[extension, depth].cpu_seconds:.0f}" for depth, _ in DEPTHS)))
    memory = ", ".join(f"{peak:.0f} MiB of {minutes} minutes" for minutes, peak in lengths.items())
    return f"""# `dubplate analyze`, measured

`scripts/bench analyze` on {platform.machine()}, {os.cpu_count()} cores, other work beside it; medians of {runs} runs that took turns.

Seconds of audio for each second of CPU, of {MINUTES} minutes of music (44.1 kHz, stereo), decoding and the start of the program included. Asked
for: {WANTED_SPEED}.

{table(rows)}

Basic facts (`--facts`): {each:.2f} ms of CPU for each of {FACT_FILES} files; one alone, with the start of the program, {start:.0f} ms. Asked for: under 2 ms.

Peak memory: {memory}. With `--facts` {thousand:.0f} MiB of 1000 files, {ten_thousand:.0f} MiB of 10000 files: what is reported at the end is
kept for each of them.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-long", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    program = args.program.resolve()
    with tempfile.TemporaryDirectory(prefix="dubplate-bench-") as name:
        folder = pathlib.Path(name)
        music = join_songs("music", SECONDS)
        speeds = measure_speed(program, encoded(music, folder), folder, args.runs)
        facts = measure_facts(program, folder, args.runs)
        lengths = {MINUTES: max(cost.peak_mib for (extension, _), cost in speeds.items() if extension == "wav")}
        if not args.no_long:
            long = join_songs("long", 2 * 3600)
            lengths[120] = run_once([program, "analyze", long, "--key", "--json", "--quiet"], folder)[0].peak_mib
        text = report(speeds, facts, lengths, args.runs)
    print(text)
    if args.write:
        (ROOT / "bench" / "analyze.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
