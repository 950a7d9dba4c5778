#!/usr/bin/env python3
"""What a multitrack delivery costs: 8, 16 and 32 tracks of 4 minutes at 48 kHz to FLAC and WAV 24, beside the bare encoders.

Usage: stems.py --program FILE [--runs N] [--tracks 8,16,32] [--write]
Writes bench/stems.md with --write. The tracks are made once, from free songs, in build/bench/stems. The encoders are spread
over the cores by xargs; they neither measure, nor sum, nor prove anything.
"""
import argparse
import os
import pathlib
import platform
import shutil
import tempfile

from measure import median, run_once

ROOT = pathlib.Path(__file__).resolve().parent.parent
SONGS = sorted(pathlib.Path("/usr/share/games/frozen-bubble/snd").glob("*zik*.ogg"))
SECONDS = 240
CORES = os.cpu_count() or 1


def make_tracks(folder, count, scratch):
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"track {number:02}.wav" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        if not path.exists():
            song = SONGS[number % len(SONGS)]
            part = path.with_suffix(".part.wav")
            run_once(["ffmpeg", "-v", "error", "-y", "-stream_loop", "9", "-ss", str(7 * number), "-i", song, "-t", str(SECONDS),
                      "-ar", "48000", "-ac", "2", "-af", "volume=-24dB", "-c:a", "pcm_s24le", part], scratch)
            part.rename(path)
    return paths


def encoder_of(name, paths, folder):
    """All tracks by the bare encoder, as many at once as there are cores."""
    command = {"flac": 'flac -5 -s -f "$0" -o "$1/$(basename "$0").flac"', "wav": 'sox -D "$0" -b 24 "$1/$(basename "$0")"'}[name]
    script = f'printf "%s\\0" "$@" | xargs -0 -P {CORES} -I FILE sh -c \'{command}\' FILE "{folder}"'
    return ["bash", "-c", script, "bash", *paths]


def measure(program, name, paths, runs, scratch):
    ours, theirs = [], []
    for _ in range(runs):
        out = pathlib.Path(scratch, "out")
        ours.append(run_once([program, "stems", *paths, "-f", name, "--bit-depth", "24", "--jobs", str(CORES), "-o", out, "--quiet"],
                             scratch)[0])
        shutil.rmtree(out)
        out.mkdir()
        theirs.append(run_once(encoder_of(name, paths, out), scratch)[0])
        shutil.rmtree(out)
    return median(ours), median(theirs)


def table(rows):
    lines = ["| format | tracks | CPU s | wall s | peak MiB | CPU s of the encoders | wall s | CPU / theirs | wall / theirs |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for name, count, ours, theirs in rows:
        lines.append(f"| {name} | {count} | {ours.cpu_seconds:.1f} | {ours.wall_seconds:.1f} | {ours.peak_mib:.0f} | "
                     f"{theirs.cpu_seconds:.1f} | {theirs.wall_seconds:.1f} | {ours.cpu_seconds / theirs.cpu_seconds:.1f} | "
                     f"{ours.wall_seconds / theirs.wall_seconds:.1f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--tracks", default="8,16,32")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    counts = [int(count) for count in args.tracks.split(",")]
    with tempfile.TemporaryDirectory(prefix="stems-", dir=ROOT / "build") as scratch:
        paths = make_tracks(ROOT / "build/bench/stems", max(counts), scratch)
        rows = [(name, count, *measure(args.program, name, paths[:count], args.runs, scratch))
                for name in ("flac", "wav") for count in counts]
    text = (f"# Stems, measured\n\n`scripts/bench stems` on {platform.machine()}, {CORES} cores, load at the end {os.getloadavg()[0]:.1f}. "
            f"Tracks of {SECONDS // 60} minutes at 48 kHz, 24 bit, stereo. CPU is user + system.\n\n"
            "Ours measures each track, encodes it, decodes it again and measures it, sums the tracks and delivers the mix, and decodes all stems\n"
            "once more for the null test. The encoders, `flac -5` and `sox`, encode.\n\n" + table(rows) + "\n")
    print(text)
    if args.write:
        (ROOT / "bench/stems.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
