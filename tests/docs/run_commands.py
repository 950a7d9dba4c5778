#!/usr/bin/env python3
"""Runs every `$ dubplate ...` line of the ```console blocks in the README and the docs, and fails where one fails.

Usage: run_commands.py --program FILE [DOCUMENT...]
Each document gets a folder of its own with the same sample inputs (SAMPLES below), so that its commands may build
on each other. What a command prints is shown in the docs for the reader and is not compared. A block that shows
how something is refused is fenced as ```console fails.
Ends with 77 (skipped) where ffmpeg or the songs of frozen-bubble-data are not installed.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SONGS = pathlib.Path("/usr/share/games/frozen-bubble/snd")
COVER = ["-f", "lavfi", "-i", "color=c=navy:s=300x300:d=1", "-frames:v", "1"]
# File -> the arguments of ffmpeg that make it.
SAMPLES = {
    "Night Drive.wav": ["-t", "12", "-i", SONGS / "frozen-mainzik-1p.ogg", "-c:a", "pcm_s24le"],
    "album/01 Opening.wav": ["-t", "8", "-i", SONGS / "introzik.ogg"],
    "album/02 Closing.wav": ["-ss", "20", "-t", "8", "-i", SONGS / "frozen-mainzik-2p.ogg"],
    "mix.wav": ["-ss", "60", "-t", "20", "-i", SONGS / "frozen-mainzik-1p.ogg"],
    "voice.wav": ["-t", "6", "-i", SONGS / "introzik.ogg", "-ac", "1"],
    "samples/Kick.wav": ["-f", "lavfi", "-i", "sine=frequency=60:duration=0.4", "-ac", "1"],
    "samples/Snare.wav": ["-f", "lavfi", "-i", "anoisesrc=duration=0.3:amplitude=0.3:seed=1"],
    "samples/Break 92.wav": ["-ss", "20", "-t", "4", "-i", SONGS / "frozen-mainzik-1p.ogg"],
    "demo.mp3": ["-t", "6", "-i", SONGS / "introzik.ogg", "-b:a", "192k", "-metadata", "title=Demo"],
    "take.m4a": ["-t", "6", "-i", SONGS / "introzik.ogg", "-c:a", "aac"],
    "cover.jpg": COVER,
    "cover.png": COVER,
}
TEXTS = {
    "tags.json": '{"title": "Night Drive", "artist": "The Couriers", "album": "Two A.M.", "year": "2026"}\n',
    "labels.txt": "0.000000\t4.000000\tIntro\n4.000000\t9.500000\tVerse\n",
    "dubplate.toml": 'formats = ["flac"]\n',
}


def make_samples(folder):
    for name, arguments in SAMPLES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *map(str, arguments), str(path)], check=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")


def commands(document):
    """(line number, command, whether it must fail) of each `$ dubplate` line, continued lines joined."""
    fails = None
    pending = None
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            info = line[3:].split()
            fails = ("fails" in info) if info[:1] == ["console"] and fails is None else None
        elif fails is not None and (pending or re.match(r"\$ .*\bdubplate\b", line)):
            start, text = pending or (number, "")
            text += line.removeprefix("$ ") if not pending else line.strip().removeprefix("> ")
            pending = (start, text[:-1]) if text.endswith("\\") else None
            if not pending:
                yield start, text, fails


def run_document(document, samples, scratch, environment):
    folder = scratch / document.relative_to(ROOT).as_posix().replace("/", "_")
    shutil.copytree(samples, folder)
    environment = environment | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / ".config"),
                                 "XDG_DATA_HOME": str(folder / ".local/share")}
    ran = failed = 0
    for number, command, must_fail in commands(document):
        result = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        ran += 1
        if (result.returncode != 0) != must_fail:
            failed += 1
            print(f"{document.relative_to(ROOT)}:{number}: $ {command}\n    ended with {result.returncode}\n"
                  f"{result.stdout[-2000:]}{result.stderr[-2000:]}")
    return ran, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("documents", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    if not shutil.which("ffmpeg") or not SONGS.is_dir():
        print("docs.commands: SKIPPED: needs ffmpeg and frozen-bubble-data; run scripts/setup")
        return 77
    documents = [d.resolve() for d in args.documents] or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    total = bad = 0
    with tempfile.TemporaryDirectory(prefix="dubplate-docs-") as folder:
        scratch = pathlib.Path(folder)
        samples = scratch / "samples"
        samples.mkdir()
        make_samples(samples)
        # A folder that holds this program alone, under the name that the docs use.
        (scratch / "bin").mkdir()
        (scratch / "bin" / "dubplate").symlink_to(args.program.resolve())
        environment = os.environ | {"PATH": f"{scratch / 'bin'}:{os.environ['PATH']}"}
        for document in documents:
            if any(True for _ in commands(document)):
                ran, failed = run_document(document, samples, scratch, environment)
                total += ran
                bad += failed
    print(f"docs.commands: {total} commands run, {bad} not as shown")
    return 1 if bad or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
