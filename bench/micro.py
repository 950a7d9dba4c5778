"""The programs of Google Benchmark: what each kernel and node costs, beside libebur128, and a short sample from memory."""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/benchmarks/bench"
SONG = "/usr/share/games/frozen-bubble/snd/frozen-mainzik-1p.ogg"

# (title, ours, the peer's, what of the peer's time is not for this)
AGAINST = [("integrated loudness", "bm_integrated_alone", "bm_ebur128_integrated", None),
           ("integrated loudness, with AVX2", "bm_integrated_alone_avx2", "bm_ebur128_integrated", None),
           ("true peak, 4x", "bm_true_peak_alone", "bm_ebur128_true_peak", "bm_ebur128_momentary")]


def run(program):
    print(f"  {program}", file=sys.stderr, flush=True)
    result = subprocess.run([BUILD / program, "--benchmark_format=json", "--benchmark_min_time=0.5",
                             "--benchmark_repetitions=5", "--benchmark_report_aggregates_only=true"],
                            capture_output=True, text=True, check=True)
    return [row for row in json.loads(result.stdout)["benchmarks"] if row["aggregate_name"] == "median"]


def measure_all():
    rows = {row["run_name"]: row for name in ("bench_kernels", "bench_nodes", "bench_flac") for row in run(name)}
    for name, row in list(rows.items()):
        if "this processor has no" in row.get("error_message", ""):
            del rows[name]
        elif row.get("error_occurred"):
            sys.exit(f"bench: {row['run_name']}: {row['error_message']}")
    ns = {name: 1e9 / row["items_per_second"] for name, row in rows.items()}
    against = [{"title": title, "ours_ns": ns[ours], "libebur128_ns": ns[peer] - (ns[rest] if rest else 0)}
               for title, ours, peer, rest in AGAINST if ours in ns]
    exports = {row["run_name"].split("/")[0]: row["real_time"] for row in run("bench_export")}
    python = subprocess.run([sys.executable, ROOT / "bench/python_stack.py", SONG], capture_output=True, text=True,
                            check=True)
    return {"ns_per_frame": ns, "against": against,
            "sample": {"ours_ms": exports["bm_sample_from_memory"],
                       "limited_ms": exports["bm_limited_sample_from_memory"], "python_ms": float(python.stdout)}}


def render(results):
    lines = ["", "## Kernels on real music, against libebur128", "",
             "| measurement | ours, ns for each stereo frame | libebur128 | ratio |", "|---|--:|--:|--:|"]
    lines += [f"| {row['title']} | {row['ours_ns']:.2f} | {row['libebur128_ns']:.2f} "
              f"| {row['libebur128_ns'] / row['ours_ns']:.1f} |" for row in results["against"]]
    lines += ["", "The values are the same: to 0.001 LU and 1e-5 of the peak, or the benchmark fails.", "",
              "## 16 s of stereo from memory to a WAV of 48 kHz in memory, wall time", "",
              "| program | ms |", "|---|--:|",
              f"| dubplate, with true peak, dither and proof | {results['sample']['ours_ms']:.1f} |",
              f"| dubplate, where peaks are limited, too | {results['sample']['limited_ms']:.1f} |",
              f"| Python: scipy, soundfile (bench/python_stack.py) | {results['sample']['python_ms']:.1f} |",
              "", "## Every kernel and node", "", "| part | ns for each stereo frame |", "|---|--:|"]
    lines += [f"| {name.removeprefix('bm_').replace('_', ' ')} | {value:.2f} |"
              for name, value in sorted(results["ns_per_frame"].items())]
    return lines
