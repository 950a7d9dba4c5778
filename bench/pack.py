#!/usr/bin/env python3
"""What packing samples costs: real drums, 2,000 samples cut from songs, and a full kit, beside sox and ffmpeg.

Usage: pack.py --program FILE [--runs N] [--write]
Writes bench/pack.md with --write. The peers run as one process a file, one after the other, and as the best shell script that
there is: as many shells as there are cores, each of which goes through its share of the files and starts nothing but the
peer. Both resample at their very high quality with TPDF dither; neither names files so that the unit takes them, reads back
what it wrote, or waits for the disk. The best script runs right after ours each time, and the median of the pairs counts.
"""
import argparse
import os
import pathlib
import platform
import shutil
import statistics
import tempfile
import wave

from measure import median, run_once

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRUMS = pathlib.Path("/usr/share/hydrogen/data/drumkits")
SONGS = sorted(pathlib.Path("/usr/share/games/frozen-bubble/snd").glob("*zik*.ogg"))
CORES = os.cpu_count() or 1
PADS = 160
CUTS = 2000
FILES_AT_ONCE = 16  # that a shell of the script is given

PEERS = {
    "sox": 'sox "$f" -b 16 "$out/$b.wav" rate -v 48000 dither',
    "ffmpeg": 'ffmpeg -nostdin -v error -i "$f" -af aresample=48000:resampler=soxr:precision=28:dither_method=triangular '
              '-c:a pcm_s16le "$out/$b.wav"',
}
# Of which peers take each tenth file, once: they take that long.
SLOW = 10


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
    loop = f'out=$0; for f; do b=${{f##*/}}; b=${{b%.*}}; {command} 2>/dev/null; done'
    script = f"printf '%s\\0' \"$@\" | xargs -0 -n {FILES_AT_ONCE} -P {at_once} sh -c '{loop}' {folder}"
    return ["bash", "-c", script, "bash", *paths]


class Bench:
    """What was written stays until the end: for a minute after a deletion, ext4 is slow at making files."""

    def __init__(self, program, scratch):
        self.program = program
        self.scratch = pathlib.Path(scratch)
        self.folders = 0

    def new_folder(self):
        self.folders += 1
        return self.scratch / f"out {self.folders}".replace(" ", "-")

    def ours(self, folder, *options):
        os.sync()  # nobody pays for what was written before
        return run_once([self.program, "pack", folder, "--pad-short", "--jobs", str(CORES), "-o", self.new_folder(), "--quiet",
                         *options], self.scratch)[0]

    def theirs(self, command, paths, at_once):
        out = self.new_folder()
        out.mkdir()
        os.sync()
        return run_once(peer_of(command, paths, out, at_once), self.scratch)[0]

    def linked(self, name, paths):
        folder = self.scratch / name
        folder.mkdir()
        for number, path in enumerate(paths):
            os.symlink(path, folder / f"{number:04} {path.name}")
        return folder

    def rows_of(self, name, paths, runs):
        folder = self.linked(name, paths)
        linked = sorted(folder.iterdir())
        pairs = [(self.ours(folder), self.theirs(PEERS["sox"], linked, CORES)) for _ in range(runs)]
        ours = median([mine for mine, _ in pairs])
        rows = [(name, len(paths), "dubplate pack", ours, None),
                (name, len(paths), f"sox, {CORES} at once", median([their for _, their in pairs]), ratios_of(pairs))]
        some = linked[::SLOW]
        for peer, at_once in (("sox", 1), ("ffmpeg", 1), ("ffmpeg", CORES)):
            theirs = self.theirs(PEERS[peer], some, at_once)
            share = len(paths) / len(some)
            rows.append((name, len(some), f"{peer}, {at_once} at once", theirs,
                         (theirs.cpu_seconds * share / ours.cpu_seconds, theirs.wall_seconds * share / ours.wall_seconds)))
        return rows

    def kit_row(self, paths, runs):
        folder = self.linked("kit", paths[:PADS])
        measured = [self.ours(folder, "--organize", "kit") for _ in range(runs)]
        return ("a full kit and its project", PADS, "dubplate pack", median(measured), None)


def ratios_of(pairs):
    return tuple(statistics.median(getattr(theirs, what) / getattr(ours, what) for ours, theirs in pairs)
                 for what in ("cpu_seconds", "wall_seconds"))


def table(rows):
    lines = ["| samples | files | by | files for each CPU s | files for each s | peak MiB | ours / theirs, by CPU | by time |",
             "|---|--:|---|--:|--:|--:|--:|--:|"]
    for name, count, who, it, ratios in rows:
        by_cpu, by_time = count / it.cpu_seconds, count / it.wall_seconds
        shown = f"{ratios[0]:.1f} | {ratios[1]:.1f}" if ratios else " | "
        lines.append(f"| {name} | {count} | {who} | {by_cpu:.0f} | {by_time:.0f} | {it.peak_mib:.0f} | {shown} |")
    kit = rows[-1]
    return "\n".join(lines) + f"\n\nThe kit of {kit[1]} pads took {kit[3].wall_seconds:.2f} s, {kit[3].cpu_seconds:.2f} s of CPU.\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    with tempfile.TemporaryDirectory(prefix="dubplate-bench-") as scratch:
        real = drums()
        cut = cuts(ROOT / "build/bench/cuts", scratch)
        bench = Bench(program, scratch)
        rows = bench.rows_of("hydrogen-drumkits", real, arguments.runs)
        rows += bench.rows_of("0.1 to 1 s of songs", cut, arguments.runs)
        rows.append(bench.kit_row(real, arguments.runs))
    text = f"""# Packs, measured

`scripts/bench pack` on {platform.machine()}, {CORES} cores, load at the end {os.getloadavg()[0]:.1f}. Every sample to 48 kHz, 16 bits, very high quality, TPDF.
CPU is user + system. Ours names the samples, reads every file back, compares it, and waits for the disk; `sox` and `ffmpeg` convert.
"At once" is a script with as many shells as cores; the ratio to it is the median of {arguments.runs} pairs.

`rate -v` of sox passes 0.95 of the band (at -3 dB) and is 175 dB down above it, ours passes 0.913 whole and is 140 dB down; 16 bits with TPDF
hold 93 dB of either.

{table(rows)}
"""
    print(text)
    if arguments.write:
        (ROOT / "bench/pack.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
