#!/usr/bin/env python3
"""Measures tempo and key of known pieces, ours beside aubio, qm-dsp, librosa and essentia: bench/analysis.md and .json.

The constants of ours were fitted on one half of the pieces (analysis_tune.py); the tables show the other half. See scripts/bench.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys

import analysis_pieces

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bench" / "analysis"
PROGRAMS = ROOT / "build" / "release" / "bench"
HERE = pathlib.Path(__file__).resolve().parent
OCTAVES = (1, 2, 1 / 2, 3, 1 / 3)
BINS = 10
ONE_THREAD = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1")
OURS = "Dubplate"


def environment():
    """An interpreter with librosa and essentia, made once; None where PyPI gives neither."""
    folder = ROOT / "build" / "bench" / "peers"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        for package in ("librosa", "essentia"):
            if subprocess.run([python, "-m", "pip", "install", "-q", package]).returncode != 0:
                print(f"bench: PyPI gives no {package} for this machine: left out", file=sys.stderr)
    return python


def commands():
    """Name -> command that takes files and prints a line of JSON for each."""
    peer = HERE / "analysis_peer.py"
    python = environment()
    known = {OURS: [PROGRAMS / "bench_analysis_probe"]}
    if (PROGRAMS / "bench_analysis_qm").exists():
        known["qm-dsp"] = [PROGRAMS / "bench_analysis_qm"]
    for name, interpreter in (("aubio", "/usr/bin/python3"), ("librosa", python), ("essentia", python)):
        if subprocess.run([interpreter, "-c", f"import {name}"], capture_output=True, env=ONE_THREAD).returncode == 0:
            known[name] = [interpreter, peer, name]
    return known


def ask(command, paths):
    done = subprocess.run([*command, *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
                          env=ONE_THREAD)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if len(answers) != len(paths):
        sys.exit(f"bench: {command[0]} answered {len(answers)} of {len(paths)} files")
    return answers


def near(bpm, truth, share):
    return bpm is not None and abs(bpm / truth - 1) <= share


def near_some(bpm, truth, share):
    return any(near(bpm, truth * factor, share) for factor in OCTAVES)


def mirex(answer, truth):
    """1 right, 0.5 a fifth off, 0.3 relative, 0.2 parallel."""
    if answer is None:
        return 0.0
    (a_note, a_mode), (t_note, t_mode) = answer.split(), truth.split()
    names = analysis_pieces.NOTE_NAMES
    step = (names[a_mode].index(a_note) - names[t_mode].index(t_note)) % 12
    if a_mode == t_mode:
        return {0: 1.0, 7: 0.5, 5: 0.5}.get(step, 0.0)
    relative = 3 if t_mode == "minor" else 9
    return {0: 0.2, relative: 0.3}.get(step, 0.0)


def percent(values):
    values = list(values)
    return round(100 * sum(values) / len(values), 1) if values else None


def calibration_error(pairs):
    """The mean distance between the confidence and the share that is right, over ten bins."""
    bins = [[] for _ in range(BINS)]
    for confidence, right in pairs:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    off = [len(b) * abs(statistics.mean(c for c, _ in b) - statistics.mean(r for _, r in b)) for b in bins if b]
    return round(sum(off) / max(len(pairs), 1), 3)


def score(rows):
    """What a program's answers to some pieces are worth; rows are (piece, answer)."""
    tempo = [(p, a) for p, a in rows if p.bpm]
    steady = [(p, a) for p, a in tempo if p.steady]
    key = [(p, a) for p, a in rows if p.key]
    drums = [(p, a) for p, a in rows if p.key_known and not p.key]
    result = {
        "pieces": len(rows),
        "acc1": percent(near(a["bpm"], p.bpm, 0.04) for p, a in tempo),
        "acc2": percent(near_some(a["bpm"], p.bpm, 0.04) for p, a in tempo),
        "within_0.2_percent": percent(near_some(a["bpm"], p.bpm, 0.002) for p, a in steady),
        "key_loops": percent(a["key"] == p.key for p, a in key if p.is_loop),
        "key_all": percent(a["key"] == p.key for p, a in key),
        "key_mirex": percent(mirex(a["key"], p.key) for p, a in key),
        "drums_without_key": percent(a["key"] is None for p, a in drums),
        "ms_for_16_s": round(statistics.median(a["ms"] * 16 / p.seconds for p, a in rows), 1),
    }
    if "bpm_confidence" in rows[0][1]:
        result["tempo_ece"] = calibration_error([(a["bpm_confidence"], near(a["bpm"], p.bpm, 0.04))
                                                 for p, a in tempo if a["bpm"]])
        result["key_ece"] = calibration_error([(a["key_confidence"], a["key"] == p.key) for p, a in key if a["key"]])
    return result


def cell(value):
    return "-" if value is None else str(value)


TEMPO_COLUMNS = {"acc1": "exactly right (4 %)", "acc2": "up to octave (4 %)", "within_0.2_percent": "within 0.2 %, up to octave"}
KEY_COLUMNS = {"key_loops": "key, loops", "key_all": "key, all", "key_mirex": "key, MIREX weighted"}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(map(cell, row)) + " |" for row in rows]


def markdown(results, versions):
    columns = {**TEMPO_COLUMNS, **KEY_COLUMNS, "ms_for_16_s": "CPU ms for 16 s"}
    judged = results["judged"]
    answers_key = {name for name, r in judged.items() if r["key_all"]}
    rows = [[name] + [r[c] if c not in KEY_COLUMNS or name in answers_key else None for c in columns]
            for name, r in judged.items()]
    mine, tuned = judged[OURS], results["tuned"]
    text = ["# Tempo and key beside other programs", "",
            f"`scripts/bench analysis` made this page: {results['pieces']} pieces, {mine['pieces']} of them in the half shown here,",
            "on which no constant was tuned. Figures are percent of the pieces; each program gets the same files in the same run,",
            "and its time is CPU time on one thread from memory. aubio and librosa find no key.", ""]
    text += table(["program", *columns.values()], rows)
    text += ["", f"Versions: {versions}.", "", "## How sure ours is", "",
             f"Expected calibration error (ten bins): tempo {mine['tempo_ece']}, key {mine['key_ece']}; pieces of drums alone that "
             f"were given no key: {cell(mine['drums_without_key'])} %.",
             f"On the half that the constants were tuned on: tempo exactly right {tuned['acc1']} %, up to octave {tuned['acc2']} %, "
             f"key {tuned['key_all']} %.", "", "## By kind of piece", "",
             "Ours, on the half shown. The ten styles come from bench/analysis_pieces.py, so their patterns are known to the half that was",
             "tuned on; openmsx is music by people.", ""]
    kinds = [[kind] + [r[c] for c in ("pieces", *TEMPO_COLUMNS, "key_all")] for kind, r in results["kinds"].items()]
    text += table(["kind", "pieces", *TEMPO_COLUMNS.values(), "key"], kinds)
    text += ["", "The same for music by people alone:", ""]
    text += table(["program", *TEMPO_COLUMNS.values()],
                  [[name] + [r[c] for c in TEMPO_COLUMNS] for name, r in results["openmsx"].items()])
    return "\n".join(text) + "\n"


def versions():
    packages = ["fluidsynth", "fluid-soundfont-gm", "timgm6mb-soundfont", "python3-aubio", "libqm-dsp-dev"]
    listing = subprocess.run(["dpkg-query", "-W", "-f=${Package} ${Version}, ", *packages], capture_output=True, text=True)
    pip = subprocess.run([environment(), "-m", "pip", "list", "--format=json"], capture_output=True, text=True)
    chosen = [f"{p['name']} {p['version']}" for p in json.loads(pip.stdout) if p["name"] in ("librosa", "essentia")]
    return listing.stdout + ", ".join(chosen)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="programs, by comma: Dubplate,qm-dsp,aubio,librosa,essentia; writes nothing")
    only = parser.parse_args().only
    pieces = analysis_pieces.pieces()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        paths = list(pool.map(lambda p: analysis_pieces.render(p, FOLDER), pieces))
    answers = {}
    for name, command in commands().items():
        if not only or name in only.split(","):
            print(f"bench: {name}", file=sys.stderr, flush=True)
            # A peer has nothing to be tuned here: only the half that is judged is put to it.
            put = [(p, path) for p, path in zip(pieces, paths) if name == OURS or not p.tuning_half]
            answers[name] = list(zip([p for p, _ in put], ask(command, [path for _, path in put])))

    def part(name, wanted):
        return score([(p, a) for p, a in answers[name] if wanted(p)])
    results = {"pieces": len(pieces),
               "judged": {name: part(name, lambda p: not p.tuning_half) for name in answers},
               "openmsx": {name: part(name, lambda p: not p.tuning_half and p.group == "openmsx") for name in answers}}
    if OURS in answers:
        results["tuned"] = part(OURS, lambda p: p.tuning_half)
        results["kinds"] = {group: part(OURS, lambda p, g=group: not p.tuning_half and p.group == g)
                            for group in dict.fromkeys(p.group for p in pieces)}
    print(json.dumps(results["judged"], indent=1))
    if only:
        return
    (HERE / "analysis.json").write_text(json.dumps(results, indent=1) + "\n")
    (HERE / "analysis.md").write_text(markdown(results, versions()))


if __name__ == "__main__":
    main()
