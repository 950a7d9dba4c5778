#!/usr/bin/env python3
"""What packing samples costs: real drums, 2,000 samples cut from songs, and a full kit, beside sox and ffmpeg.

Usage: pack.py --program FILE [--runs N] [--write]
Writes bench/pack.md with --write. The peers run as one process a file, one after the other, and as the best shell script that
there is: as many at once as there are cores, by xargs. Both resample at their very high quality with TPDF dither; neither
names files so that the unit takes them, nor reads back what it wrote.
"""
import argparse
import os
import pathlib
import platform
import shutil
import tempfile
import wave

from measure import median, run_once

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRUMS = pathlib.Path("/usr/share/hydrogen/data/drumkits")
SONGS = sorted(pathlib.Path("/usr/share/games/frozen-bubble/snd").glob("*zik*.ogg"))
CORES = os.cpu_count() or 1
PADS = 160
CUTS = 2000
PEERS_EVERY = 10  # the peers get each tenth file: they take that long

PEERS = {
    "sox": 'sox "$0" -b 16 "$1/$2.wav" rate -v 48000 dither',
    "ffmpeg": 'ffmpeg -nostdin -v error -i "$0" -af aresample=48000:resampler=soxr:precision=28:dither_method=triangular '
              '-c:a pcm_s16le "$1/$2.wav"',
}


def drums():
    return sorted(path for path in DRUMS.rglob("*") if path.suffix in (".wav", ".flac"))


def cuts(folder, scratch):
    """Of 0.1 to 1 second, as beats and hits are, from all songs in turn."""
    if len(list(folder.glob("*.wav"))) == CUTS:
        return sorted(folder.glob("*.wav"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    whole = [pathlib.Path(scratch, f"{song.stem}.wav") for song in SONGS]
    for song, decoded in zip(SONGS, whole):
        run_once(["sox", song, "-b", "16", decoded], scratch)
    for number in range(CUTS):
        with wave.open(str(whole[number % len(whole)])) as song, wave.open(str(folder / f"cut {number:04}.wav"), "wb") as cut:
            cut.setparams(song.getparams())
            rate = song.getframerate()
            song.setpos(5 * rate + (number * 17011) % (song.getnframes() - 8 * rate))
            cut.writeframes(song.readframes(rate * (1 + number % 10) // 10))
    return sorted(folder.glob("*.wav"))


def peer_of(command, paths, folder, at_once):
    script = f'i=0; for f in "$@"; do printf "%s\\0%s\\0%s\\0" "$f" "{folder}" "$((i++))"; done | xargs -0 -n 3 -P {at_once} sh -c \'{command}\''
    return ["bash", "-c", script, "bash", *paths]


def measure(command, out, runs, scratch):
    measured = []
    for _ in range(runs):
        shutil.rmtree(out, ignore_errors=True)
        if not out.name.startswith("ours"):
            out.mkdir()
        os.sync()  # nobody pays for what was written before
        measured.append(run_once(command, scratch)[0])
        shutil.rmtree(out)
    return median(measured)


def rows_of(program, name, paths, runs, scratch):
    folder = pathlib.Path(scratch, "in")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, path in enumerate(paths):
        os.symlink(path, folder / f"{number:04} {path.name}")
    out = pathlib.Path(scratch, "ours")
    ours = measure([program, "pack", folder, "--pad-short", "--jobs", str(CORES), "-o", out, "--quiet"], out, runs, scratch)
    rows = [(name, len(paths), "dubplate pack", ours, None, 0)]
    for peer, command in PEERS.items():
        for at_once in (1, CORES):
            out = pathlib.Path(scratch, "theirs")
            some = paths[::PEERS_EVERY]
            theirs = measure(peer_of(command, some, out, at_once), out, 1, scratch)
            rows.append((name, len(some), f"{peer}, {at_once} at once", theirs, ours, len(paths)))
    return rows


def kit_row(program, paths, runs, scratch):
    folder = pathlib.Path(scratch, "kit")
    folder.mkdir()
    for number, path in enumerate(paths[:PADS]):
        os.symlink(path, folder / f"{number:04} {path.name}")
    out = pathlib.Path(scratch, "ours kit")
    command = [program, "pack", folder, "--organize", "kit", "--pad-short", "--jobs", str(CORES), "-o", out, "--quiet"]
    return ("a full kit and its project", PADS, "dubplate pack", measure(command, out, runs, scratch), None, 0)


def table(rows):
    lines = ["| samples | files | by | files for each CPU s | files for each s | peak MiB | ours / theirs, by CPU | by time |",
             "|---|--:|---|--:|--:|--:|--:|--:|"]
    for name, count, who, it, ours, our_count in rows:
        by_cpu, by_time = count / it.cpu_seconds, count / it.wall_seconds
        ratios = f"{our_count / ours.cpu_seconds / by_cpu:.1f} | {our_count / ours.wall_seconds / by_time:.1f}" if ours else " | "
        lines.append(f"| {name} | {count} | {who} | {by_cpu:.0f} | {by_time:.0f} | {it.peak_mib:.0f} | {ratios} |")
    kit = rows[-1]
    return "\n".join(lines) + f"\n\nThe kit of {kit[1]} pads took {kit[3].wall_seconds:.2f} s, {kit[3].cpu_seconds:.2f} s of CPU.\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    with tempfile.TemporaryDirectory(prefix="dubplate-bench-") as scratch:
        real = drums()
        cut = cuts(ROOT / "build/bench/cuts", scratch)
        rows = rows_of(program, "hydrogen-drumkits", real, arguments.runs, scratch)
        rows += rows_of(program, "0.1 to 1 s of songs", cut, arguments.runs, scratch)
        rows.append(kit_row(program, real, arguments.runs, scratch))
    text = f"""# Packs, measured

`scripts/bench pack` on {platform.machine()}, {CORES} cores, load at the end {os.getloadavg()[0]:.1f}. Every sample to 48 kHz, 16 bits, very high quality, TPDF.
CPU is user + system. Ours names the samples, reads every file back and compares it; `sox` and `ffmpeg` convert.

{table(rows)}
"""
    print(text)
    if arguments.write:
        (ROOT / "bench/pack.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
