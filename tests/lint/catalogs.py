#!/usr/bin/env python3
"""Catalogs: each catalog.def lists exactly the entries that the files beside it define.

An entry is a descriptor object, `extern const AudioFormat wav_format = {...}` or `const AudioFormat wav_format{...}`;
catalog.def holds one line for it, ENTRY(wav) or the like. A file that is not listed would be dead code, silently.
"""
import re

from common import ROOT, finish, relative

# Folder -> the type of its descriptors, and what follows the name in the descriptor's identifier.
CATALOGS = {"src/formats/audio": ("AudioFormat", "_format"), "src/formats/daw": ("DawFormat", "_format"),
            "src/formats/sampler": ("SamplerDevice", "_device"),
            "src/video/synths": ("SynthType", "_synth"), "src/video/effects": ("EffectType", "_effect")}


def main():
    findings = []
    checked = 0
    for folder, (kind, suffix) in CATALOGS.items():
        catalog = ROOT / folder / "catalog.def"
        if not catalog.is_file():
            findings.append(f"{folder}: has no catalog.def")
            continue
        text = re.sub(r"//.*", "", catalog.read_text(encoding="utf-8"))
        listed = re.findall(r"^\s*\w+\(\s*(\w+)", text, re.MULTILINE)
        defined = {}
        pattern = rf"^\s*(?:extern\s+)?const(?:expr)?\s+{kind}\s+(\w+)\s*(?:=|\{{|\()"
        for path in sorted((ROOT / folder).glob("*.cpp")):
            for name in re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE):
                defined[name.removesuffix(suffix)] = path
        entries = [name.removesuffix(suffix) for name in listed]
        checked += len(entries)
        for name in sorted({n for n in entries if entries.count(n) > 1}):
            findings.append(f"{relative(catalog)}: lists {name} twice")
        for name in sorted(set(entries) - set(defined)):
            findings.append(f"{relative(catalog)}: lists {name}, which no file beside it defines")
        for name in sorted(set(defined) - set(entries)):
            findings.append(f"{relative(defined[name])}: defines {name}, which {relative(catalog)} does not list")
    finish("catalogs", findings, checked)


if __name__ == "__main__":
    main()
