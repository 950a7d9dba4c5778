#!/usr/bin/env python3
"""The lints are tests, so they are tested: each must find the fault that it is there for."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEADER = "// {0}: what it is.\n//\n// Threads  plain values.\n#pragma once\n"
SOUND = {
    "CMakeLists.txt": "dubplate_module(core USES PRIVATE_LIBS openssl)\ndubplate_module(formats/audio USES core)\n"
                      "dubplate_module(formats/daw USES core)\ndubplate_module(formats/sampler USES core)\n"
                      "dubplate_module(video/synths)\ndubplate_module(video/effects)\n",
    "uses.txt": "core core\nformats/audio formats/audio\nformats/audio core\nformats/daw formats/daw\n"
                "formats/sampler formats/sampler\nvideo/synths video/synths\nvideo/effects video/effects\n",
    "src/core/a.h": HEADER.format("a.h"),
    "src/core/a.cpp": '#include "core/a.h"\n#include <openssl/evp.h>\n',
    "src/formats/audio/catalog.def": "ENTRY(wav)\n",
    "src/formats/audio/wav.cpp": '#include "core/a.h"\nconst AudioFormat wav_format = {\n};\n',
    "src/formats/sampler/catalog.def": "ENTRY(sp)\n",
    "src/formats/sampler/sp.cpp": "extern const SamplerDevice sp_device = {\n};\n",
    "src/formats/daw/catalog.def": "ENTRY(midi)\n",
    "src/video/synths/catalog.def": "ENTRY(basic)\n",
    "src/video/synths/basic.cpp": "extern const SynthType basic_synth{};\n",
    "src/video/effects/catalog.def": "ENTRY(scale)\n",
    "src/video/effects/scale.cpp": "extern const EffectType scale_effect{};\n",
    "src/formats/daw/midi.cpp": "extern const DawFormat midi_format = {\n};\n",
    "docs/formats/wav.md": "# WAV\n",
    "docs/formats/midi.md": "# MIDI\n",
    "docs/formats/sp.md": "# SP\n",
    "docs/features.md": "| what | where | shown by |\n|---|---|---|\n| reads | [WAV](formats/wav.md#wav) | `Wav.Reads` |\n",
    "tests/unit/wav_test.cpp": "TEST(Wav, Reads) {}\n",
    "fuzz/CMakeLists.txt": "dubplate_fuzz(wav USES core)\ndubplate_fuzz(flac USES core)\n",
    "fuzz/wav_fuzz.cpp": "int x;\n",
    "fuzz/corpus/wav/one": "x",
}
# What is wrong, the lint that must see it, the file to change and its new text.
FAULTS = [
    ("an arrow upwards", "floors", "src/core/a.cpp", '#include "formats/audio/b.h"\n'),
    ("a header that is not there", "floors", "src/core/a.cpp", '#include "core/none.h"\n'),
    ("a circle", "floors", "src/core/a.h", HEADER.format("a.h") + '#include "core/a.h"\n'),
    ("a library that was not declared", "floors", "src/formats/audio/wav.cpp", "#include <openssl/evp.h>\n"),
    ("a file outside the modules", "floors", "src/stray/b.cpp", "int x;\n"),
    ("an entry that is not listed", "catalogs", "src/formats/audio/aiff.cpp", "const AudioFormat aiff_format{};\n"),
    ("a listed entry that is not there", "catalogs", "src/formats/audio/catalog.def", "ENTRY(wav)\nENTRY(au)\n"),
    ("a synth that is not listed", "catalogs", "src/video/synths/x.cpp", "extern const SynthType x_synth{};\n"),
    ("a sampler that is not listed", "catalogs", "src/formats/sampler/x.cpp", "extern const SamplerDevice x_device = {};\n"),
    ("a project format that is not listed", "catalogs", "src/formats/daw/x.cpp", "extern const DawFormat x_format = {};\n"),
    ("a header without a comment", "headers", "src/core/a.h", "#pragma once\n"),
    ("a header without a guard", "headers", "src/core/a.h", "// a.h: what it is.\n// Threads  none.\nint x;\n"),
    ("a dead link", "docs", "docs/formats/wav.md", "# WAV\n[x](gone.md)\n"),
    ("a dead anchor", "docs", "docs/formats/wav.md", "# WAV\n[x](#gone)\n"),
    ("a comment that sends to no page", "docs", "src/core/a.cpp", "// docs/gone.md has the rules.\n"),
    ("an entry without a page", "docs", "src/formats/audio/catalog.def", "ENTRY(wav)\nENTRY(au)\n"),
    ("a feature without a test", "docs", "docs/features.md", "| reads | | `Wav.Sings` |\n"),
    ("a harness without a corpus", "corpora", "fuzz/flac_fuzz.cpp", "int x;\n"),
    ("a harness that is not built", "corpora", "fuzz/CMakeLists.txt", "\n"),
    ("an empty corpus", "corpora", "fuzz/corpus/wav/one", ""),
    ("a machine's path", "text", "src/core/a.cpp", "// /ho" "me/somebody\n"),
    ("an open end", "text", "src/core/a.cpp", "// TO" "DO: later\n"),
    ("white space at the end", "text", "src/core/a.cpp", "int x; \n"),
]


def run(root, lint):
    arguments = [str(root / "uses.txt")] if lint == "floors" else []
    return subprocess.run([sys.executable, str(root / "tests/lint" / f"{lint}.py"), *arguments],
                          capture_output=True, text=True, cwd=root)


def main():
    wrong = []
    with tempfile.TemporaryDirectory(prefix="dubplate-lint-") as folder:
        root = pathlib.Path(folder).resolve()
        files = {root / name: text for name, text in SOUND.items()}
        shutil.copytree(HERE, root / "tests/lint", ignore=shutil.ignore_patterns("__pycache__"))
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for lint in sorted({f[1] for f in FAULTS}):
            result = run(root, lint)
            if result.returncode != 0:
                wrong.append(f"{lint} finds a fault where there is none:\n{result.stdout}{result.stderr}")
        for meaning, lint, name, text in FAULTS:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            result = run(root, lint)
            if result.returncode != 1 or "findings" not in result.stdout:
                wrong.append(f"{lint} does not find {meaning}:\n{result.stdout}{result.stderr}")
            if path in files:
                path.write_text(files[path], encoding="utf-8")
            else:
                path.unlink()
    print("\n".join(wrong))
    print(f"selftest: {len(FAULTS)} faults planted, {len(wrong)} wrong answers")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
