"""Where the CPU time of an export goes, stage by stage, beside what the encoder or resampler alone takes: bench/stages.svg.

`perf` samples the program; each sample is put to a stage by the library or the function that it fell into.
"""
import html
import re
import shutil
import subprocess
import sys

import peers

# (stage, color, what the library's or function's name matches); the first that matches counts.
STAGES = [
    ("encoder", "#33658a", r"libmp3lame|mp3|[Ff]lac|sum_lags|predict|weigh$|N_\w+::.*append$|sum_blocks|halves_and"),
    ("resampling", "#86bbd8", r"libsoxr|weigh_all|Polyphase|Resampler|N_\w+::.*take$"),
    ("measuring, source and proof", "#758e4f",
     r"filter_from_rest|place|KWeight|LoudnessMeter|extent|Peak|Oversampler|peak_of|read_places|are_finite|largest|larger"),
    ("gain and limiter", "#f6ae2d", r"scale|Limiter|release|needed|crest|apply|survey"),
    ("dither and depth", "#f26419", r"to_integers|Quantizer|quantize"),
    ("PCM in and out", "#a37c82", r"pcm|Pcm|from_integers|LibavReader|IntegerWriter"),
    ("proof: decoding", "#9a348e", r"libav"),
    ("SHA-256, MD5, fingerprints", "#5f4b66", r"libcrypto|libxxhash"),
    ("reading and writing files", "#8d99ae", r"kernel"),
    ("everything else", "#c9cba3", r""),
]
JOBS = {"wav": ("WAV, 44.1 to 48 kHz", "sox rate -v, dither"), "flac": ("FLAC", "flac -5"), "mp3": ("MP3, 320 kbit/s", "lame -b 320")}
OPTIONS = {"wav": ["-f", "wav", "--sample-rate", "48000", "--bit-depth", "16"], "flac": ["-f", "flac", "--bit-depth", "16"],
           "mp3": ["-f", "mp3", "--bitrate", "320"]}


def stage_of(name):
    return next(stage for stage, _, pattern in STAGES if re.search(pattern, name))


def shares(job, source, scratch):
    """The stages' shares of the samples of one run."""
    data = scratch / "perf.data"
    subprocess.run(["perf", "record", "-q", "-F", "1999", "-o", data, peers.PROGRAM, "export", source, *OPTIONS[job],
                    "-o", scratch / "output", "--overwrite", "--quiet"], check=True, capture_output=True)
    listing = subprocess.run(["perf", "report", "-i", data, "--stdio", "--no-children", "-g", "none", "-n", "-t", "\t",
                              "--sort", "dso,sym"], check=True, capture_output=True, text=True).stdout
    counts = dict.fromkeys([stage for stage, _, _ in STAGES], 0)
    for line in listing.splitlines():
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) >= 4 and fields[1].isdigit():
            counts[stage_of(f"{fields[2]} {fields[3]}")] += int(fields[1])
    total = sum(counts.values())
    return {stage: count / total for stage, count in counts.items()}


def measure(jobs, source, scratch):
    """jobs: the measured ones, as compare.py has them. Each stage in CPU seconds; empty where perf cannot be used."""
    if shutil.which("perf") is None or subprocess.run(["perf", "record", "-o", "/dev/null", "true"], capture_output=True).returncode:
        print("bench: no picture of the stages: perf is not allowed here", file=sys.stderr)
        return []
    measured = []
    for job, (title, floor) in JOBS.items():
        rows = next((j["rows"] for j in jobs if j["job"] == job), None)
        if rows is None:
            continue
        ours = rows[0]["cpu_seconds"]
        alone = next(row["cpu_seconds"] for row in rows if row["name"] == floor)
        measured.append({"title": title, "floor": floor, "floor_seconds": alone,
                         "stages": {stage: ours * share for stage, share in shares(job, source, scratch).items()}})
    return measured


def draw(measured):
    """One bar for each job and, below it, one for the library alone, at the job's own scale."""
    left, width, bar, gap = 190, 640, 26, 34
    height = 60 + len(measured) * (2 * bar + gap) + 24 * ((len(STAGES) + 2) // 3)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 80} {height}" font-family="sans-serif" '
           'font-size="13"><rect width="100%" height="100%" fill="#fff"/>',
           '<text x="16" y="26" font-size="16">CPU seconds for 10 minutes of stereo: every stage, and the library alone</text>']

    def text(x, y, words, anchor="start"):
        out.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(words)}</text>')
    y = 48
    for job in measured:
        total = sum(job["stages"].values())
        scale = width / max(total, job["floor_seconds"])
        text(left - 10, y + 18, job["title"], "end")
        x = left
        for stage, color, _ in STAGES:
            seconds = job["stages"][stage]
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{seconds * scale:.1f}" height="{bar}" fill="{color}">'
                       f"<title>{html.escape(stage)}: {seconds:.2f} s</title></rect>")
            x += seconds * scale
        text(x + 6, y + 18, f"{total:.2f} s")
        y += bar + 3
        text(left - 10, y + 18, job["floor"] + " alone", "end")
        out.append(f'<rect x="{left}" y="{y}" width="{job["floor_seconds"] * scale:.1f}" height="{bar}" fill="none" stroke="#444"/>')
        text(left + job["floor_seconds"] * scale + 6, y + 18, f"{job['floor_seconds']:.2f} s")
        y += bar + gap - 3
    for i, (stage, color, _) in enumerate(STAGES):
        x, line = 16 + (i % 3) * 300, y + 24 * (i // 3)
        out.append(f'<rect x="{x}" y="{line - 11}" width="14" height="14" fill="{color}"/>')
        text(x + 20, line, stage)
    return "\n".join([*out, "</svg>", ""])
