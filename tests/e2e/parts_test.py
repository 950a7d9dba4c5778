#!/usr/bin/env python3
"""Parts of a recording: start and end, fades, silence trimmed, and splits by labels, CUE sheets and markers."""
import os
import unittest

import make_audio
import support
from support import ProgramTest

RATE = 44100


class PartTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        # Every frame is told from every other: a slow ramp on one side, a sine on the other.
        cls.ramp = [[i / 200_000 for i in range(4 * RATE)], make_audio.sine(4)[0]]
        cls.data = make_audio.wav(cls.ramp, coding="pcm24")

    def setUp(self):
        super().setUp()
        (self.folder / "mix.wav").write_bytes(self.data)

    def part(self, begin, end):
        """The bytes of the frames [begin, end) of mix.wav."""
        return self.data[44 + 6 * begin:44 + 6 * end]

    def assert_is_part(self, path, begin, end):
        self.assertEqual(support.samples(path, "s24le"), self.part(begin, end), f"{path} is not {begin} to {end}")

    def split(self, *arguments):
        return self.export("mix.wav", "-f", "flac", "--no-normalize", *arguments)


class Cuts(PartTest):
    def test_start_and_end_are_exact_to_the_frame(self):
        for arguments, begin, end in ((["--start", "1"], RATE, 4 * RATE), (["--end", "1.5"], 0, RATE * 3 // 2),
                                      (["--start", "500ms", "--end", "0:02.25"], RATE // 2, RATE * 9 // 4),
                                      (["--start", "0.00001", "--end", "1.00001"], 0, RATE)):
            file = self.export_one("mix.wav", "-f", "flac", "--no-normalize", *arguments, "--overwrite")
            self.assertEqual(file["frames"], end - begin)
            self.assert_is_part(file["path"], begin, end)

    def test_an_end_past_the_end_is_told(self):
        run = self.export("mix.wav", "-f", "flac", "--no-normalize", "--end", "9")
        self.assert_words(" ".join(run.json["items"][0]["warnings"]), ["--end", "0:04.000"])
        self.assert_is_part(run.file["path"], 0, 4 * RATE)

    def test_a_part_of_a_lossy_file_is_exact_too(self):
        support.ffmpeg("-i", "mix.wav", "-b:a", "192k", "mix.mp3")
        file = self.export_one("mix.mp3", "-f", "wav", "--no-normalize", "--start", "1", "--end", "2")
        whole, found = support.floats("mix.mp3"), support.floats(file["path"])
        self.assertEqual(len(found), 2 * RATE)
        difference = max(abs(a - b) for a, b in zip(whole[2 * RATE:4 * RATE], found))
        self.assertLess(difference, 1e-4)

    def test_the_part_alone_counts_for_the_loudness(self):
        make_audio.write_wav(self.folder / "two.wav", make_audio.joined(make_audio.sine(2, -40), make_audio.sine(2, -10)))
        file = self.export_one("two.wav", "--end", "2", "-f", "flac")
        self.assertAlmostEqual(support.ebur128(file["path"])[0], -16, delta=0.15)
        self.assertAlmostEqual(file["gain_db"], 24, delta=0.1)

    def test_fades_rise_from_silence_and_fall_to_it(self):
        make_audio.write_wav(self.folder / "flat.wav", [[0.5] * (2 * RATE)] * 2, coding="pcm24")
        file = self.export_one("flat.wav", "-f", "flac", "--no-normalize", "--fade-in", "500ms", "--fade-out", "1")
        found = support.floats(file["path"])[0::2]
        self.assertEqual(len(found), 2 * RATE)
        self.assertLess(found[0], 1e-3)
        self.assertLess(found[-1], 1e-3)
        self.assertTrue(all(a <= b + 1e-6 for a, b in zip(found[:RATE // 2], found[1:RATE // 2])))
        self.assertTrue(all(a >= b - 1e-6 for a, b in zip(found[RATE:], found[RATE + 1:])))
        self.assertTrue(all(abs(value - 0.5) < 1e-6 for value in found[RATE // 2 + 1:RATE - 1]))

    def test_silence_is_trimmed_at_both_ends_at_the_level_asked_for(self):
        hum, loud = make_audio.sine(1, -70), make_audio.sine(1, -12)
        signal = make_audio.joined(make_audio.silence(0.5), hum, loud, hum, make_audio.silence(0.25))
        make_audio.write_wav(self.folder / "loose.wav", signal, coding="pcm24")
        for level, seconds in ((["--trim-silence"], 1), (["--trim-silence", "-90"], 3)):
            file = self.export_one("loose.wav", "-f", "flac", *level, "--overwrite")
            self.assertAlmostEqual(file["frames"] / RATE, seconds, delta=0.02)
            self.assertEqual(support.frames(file["path"]), file["frames"])

    def test_nothing_but_silence_cannot_be_trimmed(self):
        make_audio.write_wav(self.folder / "silence.wav", make_audio.silence(1))
        self.assert_refused("silence.wav", "--trim-silence", status=support.INVALID, words=["silence.wav", "-60", "--trim-silence"])

    def test_trim_silence_may_stand_before_an_input(self):
        run = self.export("--trim-silence", "mix.wav", "-f", "flac")
        self.assertEqual(run.json["items"][0]["input"], "mix.wav")


class Splits(PartTest):
    def test_a_label_file_gives_a_file_for_each_label(self):
        (self.folder / "labels.txt").write_text("0.0\t1.0\tIntro\n1.0\t2.5\tVerse\n0.5\t3.0\tBoth\n", encoding="utf-8")
        run = self.split("--split", "labels.txt", "--name", "{index:02} {region}")
        self.assertEqual(sorted(os.listdir(self.out)), ["01 Intro.flac", "02 Both.flac", "03 Verse.flac"])
        self.assert_is_part("out/01 Intro.flac", 0, RATE)
        self.assert_is_part("out/03 Verse.flac", RATE, RATE * 5 // 2)
        self.assert_is_part("out/02 Both.flac", RATE // 2, 3 * RATE)
        self.assertEqual(len(run.json["items"]), 3)

    def test_each_region_has_its_own_loudness(self):
        make_audio.write_wav(self.folder / "two.wav", make_audio.joined(make_audio.sine(1, -40), make_audio.sine(1, -12)))
        (self.folder / "labels.txt").write_text("0\t1\tquiet\n1\t2\tloud\n")
        for file in self.export("two.wav", "--split", "labels.txt", "--name", "{region}").files:
            self.assertAlmostEqual(support.ebur128(file["path"])[0], -16, delta=0.15)

    def test_regions_without_names_of_their_own_never_overwrite_each_other(self):
        (self.folder / "labels.txt").write_text("0\t1\tA\n1\t2\tA\n2\t3\t\n")
        self.split("--split", "labels.txt")
        self.assertEqual(sorted(os.listdir(self.out)), ["mix 01 A.flac", "mix 02 A.flac", "mix 03.flac"])

    def test_a_cue_sheet_gives_tracks_with_their_tags(self):
        (self.folder / "disc.cue").write_text(
            'REM GENRE House\nREM DATE 2026\nPERFORMER "The Couriers"\nTITLE "Two A.M."\nFILE "elsewhere.wav" WAVE\n'
            '  TRACK 01 AUDIO\n    TITLE "One"\n    INDEX 01 00:00:00\n'
            '  TRACK 02 AUDIO\n    TITLE "Two"\n    PERFORMER "Guest"\n    INDEX 00 00:01:60\n    INDEX 01 00:02:15\n')
        self.split("--split", "disc.cue", "--name", "{track:02} {title}")
        self.assertEqual(sorted(os.listdir(self.out)), ["01 One.flac", "02 Two.flac"])
        cut = 2 * RATE + 15 * 588
        self.assert_is_part("out/01 One.flac", 0, cut)
        self.assert_is_part("out/02 Two.flac", cut, 4 * RATE)
        tags = support.ffprobe("out/02 Two.flac")["tags"]
        self.assertEqual([tags[name] for name in ("title", "artist", "album", "album_artist", "date", "genre", "track")],
                         ["Two", "Guest", "Two A.M.", "The Couriers", "2026", "House", "2"])

    def test_a_tag_of_a_cue_sheet_that_breaks_its_rule_is_told(self):
        (self.folder / "disc.cue").write_text(
            'FILE "a.wav" WAVE\n  TRACK 01 AUDIO\n    TITLE "One"\n    ISRC NO-SUCH-CODE\n    INDEX 01 00:00:00\n')
        plan = self.run_program("export", "mix.wav", "-f", "flac", "--split", "disc.cue", "--dry-run", "--json")
        for run in (plan, self.split("--split", "disc.cue")):
            told = " ".join(loss["what"] for loss in run.file["losses"])
            self.assert_words(told, ["line 4 of the CUE sheet", "isrc"])

    def test_the_markers_in_a_wav_split_it(self):
        chunks = make_audio.cue_chunks([(RATE, "Verse"), (3 * RATE, "Outro")])
        make_audio.write_wav(self.folder / "mix.wav", self.ramp, coding="pcm24", after=chunks)
        self.split("--split", "markers", "--name", "{index} {region|start}")
        self.assertEqual(sorted(os.listdir(self.out)), ["1 start.flac", "2 Verse.flac", "3 Outro.flac"])
        for name, begin, end in (("1 start", 0, 1), ("2 Verse", 1, 3), ("3 Outro", 3, 4)):
            self.assert_is_part(f"out/{name}.flac", begin * RATE, end * RATE)

    def test_markers_go_along_and_move_with_the_start_and_the_rate(self):
        chunks = make_audio.cue_chunks([(RATE, "Verse"), (3 * RATE, "Outro")])
        make_audio.write_wav(self.folder / "mix.wav", self.ramp, coding="pcm24", after=chunks)
        self.export("mix.wav", "--no-normalize", "--start", "0.5", "--sample-rate", "48000", "-o", "moved.wav")
        run = self.export("moved.wav", "-f", "flac", "--no-normalize", "--split", "markers", "--name", "{index}")
        self.assertEqual([file["frames"] for file in run.files], [24000, 96000, 48000])
        self.assertEqual(support.samples("moved.wav", "s24le"),
                         b"".join(support.samples(file["path"], "s24le") for file in run.files))

    def test_the_parts_of_a_whole_split_add_up_to_it(self):
        (self.folder / "labels.txt").write_text("0\t0\ta\n0.3333333\t0.3333333\tb\n1.7777777\t1.7777777\tc\n")
        run = self.split("--split", "labels.txt", "--name", "{index}")
        self.assertEqual(b"".join(support.samples(file["path"], "s24le") for file in run.files), self.data[44:])


if __name__ == "__main__":
    unittest.main()
