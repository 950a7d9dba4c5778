#!/usr/bin/env python3
"""Corpora: each fuzz harness has a folder of inputs to start from, and no folder is left without a harness."""
from common import ROOT, finish, relative


def main():
    findings = []
    harnesses = {p.stem.removeprefix("fuzz_") for p in (ROOT / "fuzz").glob("*.cpp")}
    corpus = ROOT / "fuzz" / "corpus"
    folders = {p.name: p for p in corpus.iterdir() if p.is_dir()} if corpus.is_dir() else {}
    for name in sorted(harnesses - set(folders)):
        findings.append(f"fuzz/{name}: has no folder fuzz/corpus/{name}")
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
