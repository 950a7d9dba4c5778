#!/usr/bin/env python3
"""What a video costs: frames a second and CPU for each frame, by stage, beside three.js with UnrealBloomPass in headless Chromium.

Usage: video.py --program FILE [--runs N] [--no-peer] [--only TEXT] [--write]
Writes bench/video.md with --write. The scene is that of bench/video_scene.py, with bloom, at 60 frames a second. Each round runs every
row once; medians count. The peer renders and reads back each frame, and encodes nothing; its start and its first frames are left out.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import tempfile
import wave

import video_peer
import video_scene
from measure import run_once

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORES = os.cpu_count() or 1
FPS = 60
SECONDS = 8  # two segments: one for each of two cores
WARM, FRAMES = 3, 20

# name, boxes, share that is transparent, size, preset, wanted frames a second on two cores
ROWS = [("100 boxes", 100, 0, (1280, 720), "fast", 120),
        ("100 boxes", 100, 0, (1280, 720), "balanced", 90),
        ("2,000 boxes, half transparent", 2000, 0.5, (1280, 720), "fast", 70),
        ("100 boxes", 100, 0, (1920, 1080), "fast", 55)]
PEER_ROWS = [("100 boxes", 100, 0, (1280, 720)), ("2,000 boxes, half transparent", 2000, 0.5, (1280, 720)),
             ("100 boxes", 100, 0, (1920, 1080))]
STAGES = ("scene", "render", "encode", "sound")


def write_silence(path, seconds):
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(48000)
        sound.writeframes(bytes(4 * 48000 * seconds))


def write_scene(scratch, boxes, transparent, seconds):
    path = pathlib.Path(scratch, f"{boxes} {transparent}.json")
    if not path.is_file():
        write_silence(path.parent / "silence.wav", seconds)
        path.write_text(json.dumps(video_scene.project(video_scene.bodies(boxes, transparent), seconds)))
    return path


def run_ours(program, scratch, row, extra=()):
    name, boxes, transparent, (width, height), preset, _ = row
    scene = write_scene(scratch, boxes, transparent, SECONDS)
    cost, out, _ = run_once([program, "video", scene, "--size", f"{width}x{height}", "--fps", FPS, "--preset", preset, "--jobs", CORES,
                             "-o", pathlib.Path(scratch, "v.mp4"), "--overwrite", "--json", *extra], scratch)
    return cost, json.loads(out)


def measure_row(program, scratch, row):
    cost, report = run_ours(program, scratch, row)
    summary, file = report["summary"], report["items"][0]["files"][0]
    frames = file["frames"]
    stages = {stage: 1000 * summary["cpu_seconds"][stage] / frames for stage in STAGES}
    whole = sum(stages.values())
    return {"fps": frames / summary["render_seconds"], "whole": whole, **stages,
            "proof": 1000 * cost.cpu_seconds / frames - whole, "kbps": 8 * file["bytes"] / SECONDS / 1000, "peak": cost.peak_mib}


def peer_scene(row):
    _, boxes, transparent, (width, height) = row
    return {"width": width, "height": height, "fps": FPS, "bpm": video_scene.BPM, "warm": WARM, "frames": FRAMES,
            "bodies": video_scene.bodies(boxes, transparent)}


def medians(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def our_table(rows, measured):
    lines = ["| scene | size | preset | fps | wanted | CPU ms/frame | by CPU on 2 cores | scene | render | encode | sound | x264 alone, fps | "
             "proof, ms/frame | kbit/s | peak MiB |", "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for row, it in zip(rows, measured):
        name, _, _, (width, height), preset, wanted = row
        shares = " | ".join(f"{it[stage]:.2f} ({it[stage] / it['whole']:.0%})" for stage in STAGES)
        lines.append(f"| {name} | {width}x{height} | {preset} | {it['fps']:.0f} | {wanted} | {it['whole']:.1f} | {2000 / it['whole']:.0f} | "
                     f"{shares} | {2000 / it['encode']:.0f} | {it['proof']:.1f} | {it['kbps']:.0f} | {it['peak']:.0f} |")
    return "\n".join(lines)


def peer_table(rows, measured, ours):
    lines = ["| scene | size | fps | CPU ms/frame | ours, scene and render | times |", "|---|---|--:|--:|--:|--:|"]
    for row, it in zip(rows, measured):
        name, boxes, _, (width, height) = row
        mine = next(o for r, o in ours if r[1] == boxes and r[3] == (width, height))
        own = mine["scene"] + mine["render"]
        lines.append(f"| {name} | {width}x{height} | {1000 / it['wall']:.1f} | {it['cpu']:.0f} | {own:.1f} | {it['cpu'] / own:.0f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--only", default="", help="rows whose preset and scene hold this")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    rows = [row for row in ROWS if arguments.only in f"{row[0]} {row[3][1]} {row[4]}"]
    peers = [] if arguments.no_peer else PEER_ROWS
    modules = video_peer.install(ROOT) if peers else None
    ours, theirs, about = [[] for _ in rows], [[] for _ in peers], ""
    with tempfile.TemporaryDirectory(prefix="dubplate-bench-") as scratch:
        for _ in range(arguments.runs):
            for runs, row in zip(ours, rows):
                runs.append(measure_row(program, scratch, row))
            for runs, row in zip(theirs, peers):
                it = video_peer.run_peer(modules, peer_scene(row))
                about = it.about
                runs.append({"wall": it.wall_ms, "cpu": it.cpu_ms, "mean": it.mean})
        large = [run_ours(program, scratch, ("", 100, 0, (3840, 2160), preset, 0), ("--end", "4"))[0].peak_mib
                 for preset in ("fast", "balanced")]
    ours, theirs = [medians(runs) for runs in ours], [medians(runs) for runs in theirs]
    text = f"""# Videos, measured

`scripts/bench video` on {platform.machine()}, {CORES} cores, load at the end {os.getloadavg()[0]:.1f}; {arguments.runs} rounds, medians. {SECONDS} s at {FPS}
frames a second, with bloom and sound, H.264 at crf 20. CPU is user + system of all threads. "By CPU on 2 cores" is what two cores would make that have
nothing else to do; "x264 alone" is the bound if rendering cost nothing. The proof, which decodes the file, comes after it.

{our_table(rows, ours)}

At 3840x2160, 4 s: {large[0]:.0f} MiB with `fast`, {large[1]:.0f} MiB with `balanced`.
"""
    if peers:
        text += f"""
Beside {about}: each frame rendered with bloom and read back, nothing encoded, the first {WARM} of {WARM + FRAMES} frames left out.

{peer_table(peers, theirs, list(zip(rows, ours)))}
"""
    print(text)
    if arguments.write:
        (ROOT / "bench/video.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
