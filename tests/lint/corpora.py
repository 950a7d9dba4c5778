#!/usr/bin/env python3
"""Corpora: each fuzz harness is built and has inputs to start from, and no corpus is left without a harness."""
import re

from common import ROOT, finish, relative


def main():
    findings = []
    harnesses = {p.stem.removesuffix("_fuzz") for p in (ROOT / "fuzz").glob("*_fuzz.cpp")}
    listing = ROOT / "fuzz" / "CMakeLists.txt"
    listed = set(re.findall(r"^dubplate_fuzz\(\s*(\w+)", listing.read_text(encoding="utf-8"), re.MULTILINE))
    corpus = ROOT / "fuzz" / "corpus"
    folders = {p.name: p for p in corpus.iterdir() if p.is_dir()} if corpus.is_dir() else {}
    for name in sorted(harnesses - listed):
        findings.append(f"fuzz/{name}_fuzz.cpp: fuzz/CMakeLists.txt does not list it")
    for name in sorted(harnesses - set(folders)):
        findings.append(f"fuzz/{name}_fuzz.cpp: has no folder fuzz/corpus/{name}")
    for name, folder in sorted(folders.items()):
        if name not in harnesses:
            findings.append(f"{relative(folder)}: no harness reads it")
        elif not any(p.is_file() and p.stat().st_size > 0 for p in folder.iterdir()):
            findings.append(f"{relative(folder)}: holds no input")
    if not harnesses:
        findings.append("fuzz: holds no harness")
    finish("corpora", findings, len(harnesses))


if __name__ == "__main__":
    main()
