#!/usr/bin/env python3
"""The files of an SP-404SX card as Dubplate writes them, read by parsers that others have written, and compared pad by pad.

Usage: judges_test.py WRITER     the program write_sampler_files
The parsers come from npm (tests/sampler/package-lock.json); scripts/setup puts them into build/npm. They read no PADCONF.BIN.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE.parent.parent / "build" / "npm" / "node_modules"
if not (MODULES / "@uttori" / "audio-padinfo").is_dir() or not shutil.which("node"):
    print("conformance.sampler: SKIPPED: @uttori/audio-padinfo of npm is not there; run scripts/setup where it is reached")
    sys.exit(77)

WRITER = sys.argv.pop(1)
WRITTEN = []
READ = {}


def setUpModule():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([WRITER, folder], check=True)
        WRITTEN.extend(json.loads((pathlib.Path(folder) / "pads.json").read_text(encoding="utf-8")))
        READ.update(json.loads(subprocess.run(["node", HERE / "read_files.js", MODULES, folder], check=True,
                                              stdout=subprocess.PIPE).stdout))


def byte_of(frame, pad):
    return 512 + frame * 2 * pad["channels"]


class Card(unittest.TestCase):
    def test_every_pad_comes_back(self):
        self.assertEqual(len(READ["pads"]), len(WRITTEN))
        for written, read in zip(WRITTEN, READ["pads"]):
            with self.subTest(read["label"]):
                self.assertEqual(read["avaliable"], written is None)
                if written:
                    self.check_pad(written, read)

    def check_pad(self, written, read):
        self.assertEqual(read["filename"], written["file"])
        self.assertEqual((read["originalSampleStart"], read["originalSampleEnd"]), (512, byte_of(written["frames"], written)))
        self.assertEqual((read["userSampleStart"], read["userSampleEnd"]),
                         (byte_of(written["begin_frame"], written), byte_of(written["end_frame"], written)))
        self.assertEqual(read["volume"], written["level"])
        for name in ("gate", "loop", "reverse"):
            self.assertEqual(read[name], written[name])
        self.assertEqual((read["lofi"], read["format"]), (False, "WAVE"))
        self.assertEqual(read["channels"], {1: "Mono", 2: "Stereo"}[written["channels"]])
        self.assertEqual(read["tempoMode"], "Pattern" if written["bpm_sync"] else "Off")
        self.assertEqual((read["originalTempo"], read["userTempo"]), (written["bpm"], written["bpm"]))

    def test_every_sample_names_its_pad(self):
        self.assertEqual(set(READ["samples"]), {pad["file"] for pad in WRITTEN if pad})
        for written, pad in zip(WRITTEN, READ["pads"]):
            if not written:
                continue
            sample = READ["samples"][written["file"]]
            with self.subTest(written["file"]):
                self.assertEqual(sample["types"], ["header", "format", "roland", "data"])
                self.assertEqual((sample["roland"]["device"], sample["roland"]["size"]), ("roifspsx", 458))
                self.assertEqual(sample["roland"]["sampleLabel"], pad["label"])
                self.assertEqual(sample["format"]["channels"], written["channels"])
                self.assertEqual((sample["format"]["sampleRate"], sample["format"]["bitsPerSample"]), (44100, 16))


if __name__ == "__main__":
    unittest.main()
