#!/usr/bin/env python3
"""What `dubplate export` prints for people."""
import unittest

import make_audio
import support
from support import DONE, ProgramTest


class TableTest(ProgramTest):
    def setUp(self):
        super().setUp()
        make_audio.write_wav(self.folder / "mix.wav", make_audio.sine(1))

    def printed(self, *arguments):
        run = self.run_program("export", *arguments)
        self.assertEqual(run.status, DONE, run)
        return run.out.decode()


class Summary(TableTest):
    def test_names_the_folder(self):
        self.assertIn("1 file in ./ ", self.printed("mix.wav", "-o", "one.wav"))
        self.assertIn("1 file in out/ ", self.printed("mix.wav", "-o", "out"))
        self.assertIn("2 files in out/ ", self.printed("mix.wav", "-o", "out", "-f", "flac,mp3"))

    def test_of_a_plan_counts_one_file_as_one(self):
        self.assertIn("1 file, about", self.printed("mix.wav", "--dry-run", "-o", "out"))
        self.assertIn("2 files, about", self.printed("mix.wav", "-f", "flac,mp3", "--dry-run", "-o", "out"))


class Notes(TableTest):
    def test_tell_what_was_lost_once_for_each_format(self):
        support.ffmpeg("-i", "mix.wav", "-ar", "22050", "low.wav")
        text = self.printed("low.wav", "-f", "wav,mp3", "-o", "out")
        self.assertEqual(text.count("mp3: bitrate: 160 kbit/s: MP3 at 22050 Hz has no more"), 1, text)
        self.assertNotIn("is lossy", text)

    def test_tell_of_a_further_lossy_generation(self):
        self.printed("mix.wav", "-o", "once.mp3")
        self.assertIn("mp3: samples: MP3 is lossy, and so is the source",
                      self.printed("once.mp3", "--loudness", "-20", "-o", "twice.mp3"))

    def test_tell_of_a_copy_once(self):
        self.printed("mix.wav", "-o", "right.wav")
        text = self.printed("right.wav", "-o", "copy.wav")
        self.assertEqual(text.count("already at the target"), 1, text)


if __name__ == "__main__":
    unittest.main()
