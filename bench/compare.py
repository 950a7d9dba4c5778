#!/usr/bin/env python3
"""Runs the jobs of peers.py on real music and writes bench/results.md and bench/results.json. See scripts/bench."""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import measure
import micro
import peers
import stages

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
PARTS = ["stages", "lengths", "micro", "long", "songs"]  # beside the jobs of peers.py


def songs():
    """Every song of wesnoth-1.16-music and the three of frozen-bubble-data, in a fixed order."""
    listing = subprocess.run(["dpkg-query", "-L", "wesnoth-1.16-music"], capture_output=True, text=True)
    found = sorted(p for p in listing.stdout.splitlines() if p.endswith(".ogg"))
    if not found:
        sys.exit("bench: wesnoth-1.16-music is not installed; run scripts/setup bench")
    bubble = "/usr/share/games/frozen-bubble/snd/"
    return found + [bubble + n for n in ("frozen-mainzik-1p.ogg", "frozen-mainzik-2p.ogg", "introzik.ogg")]


def join_songs(name, seconds):
    """The songs one after the other, from the start again where they end, as 44.1 kHz 16 bit stereo. Made once."""
    path = WORK / f"{name}.wav"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    # The songs differ in rate and channels, which the concat demuxer cannot join: each is decoded to raw first.
    raw = WORK / f"{name}.raw"
    bytes_wanted = seconds * 44100 * 4
    with open(raw, "wb") as target:
        while target.tell() < bytes_wanted:
            for song in songs():
                if target.tell() >= bytes_wanted:
                    break
                subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", song, "-f", "s16le", "-ar", "44100",
                                "-ac", "2", "-"], check=True, stdout=target)
                target.seek(0, os.SEEK_END)
        target.truncate(bytes_wanted)
    part = path.with_suffix(".part.wav")
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "s16le", "-ar", "44100", "-ac", "2", "-i", raw,
                    "-c:a", "copy", part], check=True)
    raw.unlink()
    part.rename(path)
    return path


def measure_job(job, source, runs):
    """Name of the peer -> its median Cost. The peers take turns, so that a slow minute of the machine hits them all."""
    load = os.getloadavg()[0]
    title, chosen = peers.JOBS[job]
    costs = {p.name: [] for p in chosen}
    scratch = WORK / "scratch"
    for turn in range(runs):
        for peer in chosen:
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            print(f"  {source.stem}, {job}, run {turn + 1} of {runs}: {peer.name}", file=sys.stderr, flush=True)
            costs[peer.name].append(peer.run(source, scratch / "output", scratch))
    shutil.rmtree(scratch, ignore_errors=True)
    return {"job": job, "title": title, "input": source.stem, "runs": runs, "load": load,
            "rows": [{"name": p.name, "whole_job": p.whole, **dataclasses.asdict(measure.median(costs[p.name]))}
                     for p in chosen]}


def lengths():
    """Ours on 1, 10 and 120 minutes: does cost grow with the length, and memory not?"""
    scratch = WORK / "scratch"
    rows = []
    for name, seconds in (("1-minute", 60), ("10-minutes", 600), ("2-hours", 7200)):
        source = join_songs(name, seconds)
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        print(f"  {name}: dubplate", file=sys.stderr, flush=True)
        cost = peers.JOBS["wav"][1][0].run(source, scratch / "output", scratch)
        rows.append({"input": name, "seconds": seconds, **dataclasses.asdict(cost)})
    shutil.rmtree(scratch, ignore_errors=True)
    return rows


def first_encodings():
    """How many songs pass the proof of their MP3 without a second encoding."""
    scratch = WORK / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    print(f"  {len(songs())} songs to MP3", file=sys.stderr, flush=True)
    result = subprocess.run([peers.PROGRAM, "export", *songs(), "-f", "mp3", "-o", scratch, "--json"],
                            capture_output=True, text=True)
    if not result.stdout.startswith("{"):
        raise measure.CommandFailed(f"dubplate export of all songs: {result.stderr[-2000:]}")
    report = json.loads(result.stdout)
    shutil.rmtree(scratch, ignore_errors=True)
    delivered = [file for item in report["items"] for file in item.get("files", []) if not file.get("error")]
    again = [{"file": pathlib.Path(f["path"]).name, "generations": f["generations"],
              "reasons": f.get("generation_reasons", [])} for f in delivered if f["generations"] > 1]
    return {"songs": len(report["items"]), "delivered": len(delivered),
            "first_encoding": sum(1 for f in delivered if f["generations"] == 1), "encoded_again": again}


def machine():
    cpu = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"cpu": cpu.group(1).strip() if cpu else "unknown", "cores": len(os.sched_getaffinity(0)),
            "load_at_start": os.getloadavg()[0]}


def tool_versions():
    names = ["ffmpeg", "sox", "lame", "flac"]
    listing = subprocess.run(["dpkg-query", "-W", "-f=${Package} ${Version}\n", *names], capture_output=True, text=True)
    versions = dict(line.split() for line in listing.stdout.splitlines())
    ours = subprocess.run([peers.PROGRAM, "--version"], capture_output=True, text=True).stdout.split()
    return {"dubplate": ours[-1] if ours else "unknown"} | versions


def render(results):
    info = results["machine"]
    lines = ["# Benchmark", "",
             "Made by `scripts/bench`. CPU is user + system of the whole process; memory is its largest resident size;",
             "medians of interleaved runs. \"Whole job\" means: measured, brought to the target, encoded. Dubplate also",
             "decodes and measures its file again, within the figures below; the others do not.", "",
             f"Machine: {info['cpu']}, {info['cores']} cores, load at the start {info['load_at_start']:.2f}. "
             + ", ".join(f"{name} {version}" for name, version in results["versions"].items()) + "."]
    for job in results["jobs"]:
        load = f", load {job['load']:.1f}" if "load" in job else ""
        lines += ["", f"## {job['title']}: {job['input']} ({job['runs']} runs{load})", "",
                  "| command | whole job | CPU s | wall s | peak MiB | CPU / ours | wall / ours |",
                  "|---|---|--:|--:|--:|--:|--:|"]
        base = job["rows"][0]
        for row in job["rows"]:
            lines.append(f"| {row['name']} | {'yes' if row['whole_job'] else 'no'} | {row['cpu_seconds']:.2f} "
                         f"| {row['wall_seconds']:.2f} | {row['peak_mib']:.1f} "
                         f"| {row['cpu_seconds'] / base['cpu_seconds']:.1f} "
                         f"| {row['wall_seconds'] / base['wall_seconds']:.1f} |")
    if results.get("lengths"):
        lines += ["", "## Dubplate on 1, 10 and 120 minutes: WAV 44.1 kHz to WAV 48 kHz, 16 bit", "",
                  "| input | CPU s | CPU ms for each second | wall s | peak MiB |", "|---|--:|--:|--:|--:|"]
        lines += [f"| {row['input']} | {row['cpu_seconds']:.2f} | {1000 * row['cpu_seconds'] / row['seconds']:.2f} "
                  f"| {row['wall_seconds']:.2f} | {row['peak_mib']:.1f} |" for row in results["lengths"]]
    if results.get("stages"):
        lines += ["", "## Where the time goes", "", "![CPU seconds of every stage, and of the library alone](stages.svg)"]
    if results.get("micro"):
        lines += micro.render(results["micro"])
    songs_result = results.get("mp3_first_encoding")
    if songs_result:
        lines += ["", "## MP3: proof passed at the first encoding", "",
                  f"{songs_result['songs']} songs given, {songs_result['delivered']} delivered, "
                  f"{songs_result['first_encoding']} of them with one encoding."]
        lines += [f"- {s['file']}: {s['generations']} encodings ({'; '.join(s['reasons'])})"
                  for s in songs_result["encoded_again"]]
    return "\n".join(lines) + "\n"


def measured_before():
    """What the parts that are not run now have in the results."""
    path = ROOT / "bench/results.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def with_jobs(before, now):
    """The jobs of before, those that were run again in their places."""
    again = {(job["job"], job["input"]): job for job in now}
    kept = [again.pop((job["job"], job["input"]), job) for job in before]
    return kept + list(again.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-long", action="store_true")
    parser.add_argument("--no-songs", action="store_true")
    parser.add_argument("--only", help="the others stay as they are in the results; of: " + ",".join([*peers.JOBS, *PARTS]))
    args = parser.parse_args()

    chosen = [*peers.JOBS, *PARTS] if args.only is None else [part for part in args.only.split(",") if part]
    unknown = set(chosen) - set(peers.JOBS) - set(PARTS)
    if unknown:
        parser.error(f"--only: no part {', '.join(sorted(unknown))}; there are {', '.join([*peers.JOBS, *PARTS])}")
    results = {"machine": machine(), "versions": tool_versions(), "jobs": []}
    if args.only is not None:
        results |= measured_before()  # on the same machine; each job tells its own load
    short = join_songs("10-minutes", 600)
    jobs = [measure_job(job, short, args.runs) for job in peers.JOBS if job in chosen]
    results["jobs"] = with_jobs(results["jobs"], jobs)
    if "stages" in chosen:
        results["stages"] = stages.measure(results["jobs"], short, WORK)
    if "lengths" in chosen:
        results["lengths"] = lengths()
    if "micro" in chosen:
        results["micro"] = micro.measure_all()
    if "long" in chosen and not args.no_long:
        long_job = measure_job("wav", join_songs("2-hours", 7200), 1)
        results["jobs"] = with_jobs(results["jobs"], [long_job])
    if "songs" in chosen and not args.no_songs:
        results["mp3_first_encoding"] = first_encodings()
    text = render(results)
    (ROOT / "bench/results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    (ROOT / "bench/results.md").write_text(text, encoding="utf-8")
    if results.get("stages"):
        (ROOT / "bench/stages.svg").write_text(stages.draw(results["stages"]), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    try:
        main()
    except measure.CommandFailed as failure:
        sys.exit(f"bench: {failure}")
