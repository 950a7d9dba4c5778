#!/usr/bin/env python3
"""Memory stays small however long the audio is, and however many files there are."""
import os
import pathlib
import subprocess
import unittest

import make_audio
import support
from support import ProgramTest

SONGS = sorted(pathlib.Path("/usr/share/games/frozen-bubble/snd").glob("*zik*.ogg"))
LIMIT_KIB = 64 * 1024


class Memory(ProgramTest):
    def song(self, seconds):
        """The songs joined, over and over, for so long."""
        if not SONGS:
            support.skip(self, "no songs to read: install frozen-bubble-data")
        name = f"{seconds}.wav"
        support.run_tool("sox", *SONGS, name, "repeat", "9", "trim", "0", str(seconds))
        return name

    def peak_kib(self, *arguments, out=subprocess.DEVNULL):
        """The largest resident size of a run."""
        with subprocess.Popen([support.PROGRAM, *arguments], env=support.environment(self.folder), stdout=out) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, support.DONE)
        return usage.ru_maxrss

    def peak_of_export(self, *arguments):
        return self.peak_kib("export", *arguments, "-o", self.out, "--overwrite", "--quiet")

    def test_ten_minutes_take_what_one_takes(self):
        options = ("-f", "wav,flac,mp3", "--report", "proof.html")
        short, long = (self.peak_of_export(self.song(seconds), *options) for seconds in (60, 600))
        self.assertLess(max(short, long), LIMIT_KIB)
        self.assertLess(long, short * 1.1)

    def test_many_short_files_take_what_few_take(self):
        """Of the same length, and limited: what is kept for the trials of each goes with it."""
        self.song(600)
        for i in range(40):
            support.run_tool("sox", "600.wav", f"part {i:02}.wav", "trim", str(14 * i), "14")
        options = ("-f", "wav", "--sample-rate", "48000", "--loudness", "-11")
        few, many = (self.peak_of_export(*(f"part {i:02}.wav" for i in range(count)), *options) for count in (8, 40))
        self.assertLess(many, few * 1.2)

    def test_facts_of_many_files_take_what_those_of_few_take(self):
        for i in range(3000):
            make_audio.write_wav(self.folder / f"{i:04}.wav", make_audio.sine(0.01))
        peaks = [self.peak_kib("analyze", "--facts", *kind, *(f"{i:04}.wav" for i in range(count)))
                 for kind in ((), ("--json",), ("--json", "--dry-run")) for count in (300, 3000)]
        for few, many in zip(peaks[::2], peaks[1::2]):
            self.assertLess(many, few * 1.6)  # their names are kept

    def test_an_analysis_of_half_an_hour_takes_little_more_than_one_of_a_minute(self):
        """Of a low rate: what grows is what is told of each minute, its beats, onsets and parts, and never the audio."""
        if not SONGS:
            support.skip(self, "no songs to read: install frozen-bubble-data")
        support.run_tool("sox", *SONGS, "-r", "8000", "-c", "1", "1800.wav", "repeat", "9", "trim", "0", "1800")
        support.run_tool("sox", "1800.wav", "60.wav", "trim", "0", "60")
        short, long = (self.peak_kib("analyze", "--json", f"{seconds}.wav") for seconds in (60, 1800))
        self.assertLess(long, LIMIT_KIB)
        self.assertLess(long - short, 29 * 600)

    def test_a_pack_of_many_samples_takes_little_more_than_one_of_few(self):
        one = make_audio.write_wav(self.folder / "a.wav", make_audio.noise(0.2, -24))
        few, many = (self.peak_of_pack(one, count) for count in (300, 3000))
        # A line of the plan and of the manifest for each, in a few KiB.
        self.assertLess(many - few, 2700 * 12)

    def peak_of_pack(self, sample, count):
        folder = self.folder / f"many{count}"
        folder.mkdir()
        for i in range(count):
            os.link(sample, folder / f"{i}.wav")
        return self.peak_kib("pack", folder, "-o", self.folder / f"pack{count}", "-q")


if __name__ == "__main__":
    unittest.main()
