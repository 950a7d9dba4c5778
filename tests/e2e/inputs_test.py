#!/usr/bin/env python3
"""Whatever can be read: formats, standard input, globs and folders; names of what is delivered; the report and the plan."""
import html.parser
import json
import os
import unittest

import make_audio
import support
from support import DONE, ProgramTest


class InputFormats(ProgramTest):
    def assert_same_sound(self, source, tolerance, frames=2 * 44100):
        """Decoded as ffmpeg decodes it, frame by frame."""
        file = self.export_one(source, "-f", "flac", "--bit-depth", "24", "--no-normalize", "-o", self.out)
        want, found = support.floats(source), support.floats(file["path"])
        self.assertEqual(len(found), 2 * frames)
        self.assertLess(max(abs(a - b) for a, b in zip(want, found)), tolerance)

    def test_every_coding_and_kind_of_wav(self):
        tone = make_audio.sine(2)
        for coding in make_audio.CODINGS:
            with self.subTest(coding):
                make_audio.write_wav(self.folder / f"{coding}.wav", tone, coding=coding)
                self.assert_same_sound(f"{coding}.wav", 2 ** -21)
        for name, kind in (("rf64", b"RF64"), ("bw64", b"BW64")):
            for extensible in (False, True):
                with self.subTest(f"{name}, extensible: {extensible}"):
                    path = f"{name}-{extensible}.wav"
                    make_audio.write_wav(self.folder / path, tone, coding="pcm24", kind=kind, extensible=extensible)
                    self.assert_same_sound(path, 2 ** -21)
        make_audio.write_wav(self.folder / "extensible.wav", tone, coding="float32", extensible=True)
        self.assert_same_sound("extensible.wav", 2 ** -21)

    def test_every_coding_of_aiff(self):
        make_audio.write_wav(self.folder / "tone.wav", make_audio.sine(2), coding="pcm24")
        for coding in ("pcm_s8", "pcm_s16be", "pcm_s24be", "pcm_s32be", "pcm_s16le", "pcm_f32be", "pcm_f64be", "pcm_alaw", "pcm_mulaw"):
            with self.subTest(coding):
                support.ffmpeg("-i", "tone.wav", "-c:a", coding, f"{coding}.aiff")
                self.assert_same_sound(f"{coding}.aiff", 2 ** -21)

    def test_lossless_formats_of_others(self):
        make_audio.write_wav(self.folder / "tone.wav", make_audio.sine(2))
        support.ffmpeg("-i", "tone.wav", "-c:a", "alac", "alac.m4a")
        support.ffmpeg("-i", "tone.wav", "-c:a", "flac", "-f", "ogg", "flac.ogg")
        support.run_tool("flac", "-s", "-o", "tone.flac", "tone.wav")
        for name in ("alac.m4a", "flac.ogg", "tone.flac"):
            with self.subTest(name):
                self.assert_same_sound(name, 2 ** -22)

    def test_lossy_formats_have_their_exact_length_and_place(self):
        signal = make_audio.joined(make_audio.silence(0.5), make_audio.sine(1, -12), make_audio.silence(0.5))
        make_audio.write_wav(self.folder / "beep.wav", signal)
        for name, options in (("a.mp3", ["-b:a", "192k"]), ("v.mp3", ["-q:a", "2"]), ("a.m4a", ["-c:a", "aac", "-b:a", "192k"]),
                              ("v.ogg", ["-c:a", "libvorbis", "-q:a", "6"])):
            with self.subTest(name):
                support.ffmpeg("-i", "beep.wav", *options, name)
                file = self.export_one(name, "-f", "wav", "--no-normalize", "-o", f"{name}.wav")
                self.assertEqual(file["frames"], 2 * 44100)
                found = support.floats(file["path"])[0::2]
                want = signal[0]
                error = sum((a - b) ** 2 for a, b in zip(want, found)) / sum(a * a for a in want)
                self.assertLess(error, 0.01)  # a shift by one frame of 997 Hz would be 0.02

    def test_opus_is_48_khz_and_has_its_length(self):
        make_audio.write_wav(self.folder / "tone.wav", make_audio.sine(2, rate=48000), rate=48000)
        support.ffmpeg("-i", "tone.wav", "-c:a", "libopus", "-b:a", "128k", "tone.opus")
        file = self.export_one("tone.opus", "-f", "wav", "--no-normalize")
        self.assertEqual((file["sample_rate_hz"], file["frames"]), (48000, 96000))

    def test_rates_of_every_kind(self):
        rates = (8000, 11025, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000)
        for rate in rates:
            make_audio.write_wav(self.folder / f"{rate}.wav", make_audio.sine(0.5, rate=rate), rate=rate)
        run = self.export(*(f"{rate}.wav" for rate in rates), "-f", "flac,mp3")
        for file in run.files:
            self.assertEqual(support.frames(file["path"]), file["frames"])
            self.assertEqual(file["frames"], file["sample_rate_hz"] // 2)
        told = {file["sample_rate_hz"]: " ".join(loss["why"] for loss in file["losses"])
                for file in run.files if file["format"] == "mp3"}
        self.assert_words(told[22050], ["160 kbit/s", "22050 Hz"])  # 320 is the default, and this rate does not have it
        self.assertNotIn("kbit/s", told[44100])


class WaysIn(ProgramTest):
    def setUp(self):
        super().setUp()
        self.tone = make_audio.wav(make_audio.sine(1))

    def test_standard_input(self):
        run = self.export("-", "-f", "flac,mp3", stdin=self.tone)
        self.assertEqual(sorted(os.listdir(self.out)), ["stdin.flac", "stdin.mp3"])
        self.assertEqual({file["frames"] for file in run.files}, {44100})
        file = self.export_one("-", "-o", "named.wav", stdin=self.tone)
        self.assertEqual(support.frames(file["path"]), 44100)

    def test_a_glob_that_the_shell_left_alone(self):
        for name in ("a1.wav", "a2.wav", "b1.wav", "a[x].wav"):
            (self.folder / name).write_bytes(self.tone)
        self.export("a?.wav", "-f", "flac")
        self.assertEqual(sorted(os.listdir(self.out)), ["a1.flac", "a2.flac"])
        self.export("a[x].wav", "-f", "flac")  # there is a file of that name
        self.assertIn("a[x].flac", os.listdir(self.out))

    def test_a_folder_keeps_its_structure_and_leaves_out_what_is_no_audio(self):
        for name in ("one.wav", "disc 1/two.wav", "disc 1/deep/three.WAV"):
            (self.folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / "in" / name).write_bytes(self.tone)
        (self.folder / "in" / "cover.jpg").write_bytes(b"no audio")
        (self.folder / "in" / "list.m3u").write_text("one.wav\n")
        self.export("in", "-f", "flac")
        found = sorted(os.path.relpath(os.path.join(place, name), self.out)
                       for place, _, names in os.walk(self.out) for name in names)
        self.assertEqual(found, ["disc 1/deep/three.flac", "disc 1/two.flac", "one.flac"])

    def test_a_folder_with_a_link_into_itself_ends(self):
        (self.folder / "in").mkdir()
        (self.folder / "in" / "one.wav").write_bytes(self.tone)
        (self.folder / "in" / "again").symlink_to(".")
        self.assertEqual(len(self.export("in", "-f", "flac").files), 1)

    def test_a_link_to_a_file_is_followed(self):
        (self.folder / "real.wav").write_bytes(self.tone)
        (self.folder / "link.wav").symlink_to("real.wav")
        self.export("link.wav", "-f", "flac")
        self.assertEqual(os.listdir(self.out), ["link.flac"])


class WaysOut(ProgramTest):
    def setUp(self):
        super().setUp()
        make_audio.write_wav(self.folder / "mix.wav", make_audio.noise(1, -30))

    def test_names_from_a_template_with_folders(self):
        file = self.export_one("mix.wav", "-f", "flac", "--tag", "artist=AC/DC", "--tag", "title=Night", "--tag", "track=3",
                               "--tag", "bpm=93.5", "--tag", "MOOD=late",
                               "--name", "{artist}/{track:02} {title} [{bpm:.0}] {MOOD} {key?}{isrc|none} {rate} {bits} {channels}")
        self.assertEqual(os.path.relpath(file["path"], self.out), "AC_DC/03 Night [94] late none 44100 24 2.flac")
        self.assertTrue(os.path.exists(file["path"]))

    def test_names_with_the_measured_loudness_and_peak(self):
        for file in self.export("mix.wav", "-f", "wav,mp3", "--loudness", "-18.5", "--name", "{input} {lufs} {tp}").files:
            self.assertTrue(os.path.exists(file["path"]))
            stem = os.path.splitext(os.path.basename(file["path"]))[0]
            _, lufs, peak = stem.split(" ")
            self.assertAlmostEqual(float(lufs), support.ebur128(file["path"])[0], delta=0.15)
            self.assertAlmostEqual(float(peak), file["loudness"]["true_peak_dbtp"], delta=1.0)  # MP3 raises it when encoding

    def test_two_files_of_one_measured_name_are_refused_or_kept_apart(self):
        make_audio.write_wav(self.folder / "again.wav", make_audio.noise(1, -30))
        run = self.run_program("export", "mix.wav", "again.wav", "--name", "{lufs}", "-o", self.out, "--json")
        self.assertIn(run.status, (DONE, support.SOME_FAILED), run)
        self.assertEqual(len(os.listdir(self.out)), sum(file["error"] is None for file in run.files))

    def test_the_human_table_shows_before_and_after(self):
        run = self.run_program("export", "mix.wav", "-f", "flac,mp3", "-o", self.out)
        self.assertEqual(run.status, DONE, run)
        text = run.out.decode()
        self.assert_words(text, ["mix.wav", "0:01.000", "44.1 kHz", "stereo", "mix.flac", "mix.mp3", "-16.0 LUFS", "exact", "ok",
                                 "2 files in", "gain", "limiter"])
        self.assertEqual(run.err, "")

    def test_quiet_prints_nothing(self):
        run = self.run_program("export", "mix.wav", "--quiet", "-o", self.out)
        self.assertEqual((run.status, run.out, run.err), (DONE, b"", ""))

    def test_a_dry_run_writes_nothing_and_tells_what_would_be(self):
        before = support.listing(self.folder)
        human = self.run_program("export", "mix.wav", "-f", "flac,mp3", "--sample-rate", "96000", "--dry-run", "-o", self.out)
        self.assertEqual(human.status, DONE, human)
        self.assert_words(human.out.decode(), ["mix.flac", "mix.mp3", "96 kHz", "resampled from 44100 to 48000", "nothing was written"])
        run = self.run_program("export", "mix.wav", "-f", "flac,mp3", "--dry-run", "--json", "-o", self.out)
        self.assertEqual([item["status"] for item in run.json["items"]], ["planned"])
        self.assertEqual(run.json["summary"]["files"], 2)
        self.assertEqual(support.listing(self.folder), before)

    def test_the_estimates_of_the_plan_are_near(self):
        plan = self.run_program("export", "mix.wav", "-f", "wav,flac,mp3", "--dry-run", "--json", "-o", self.out).json
        run = self.export("mix.wav", "-f", "wav,flac,mp3")
        self.assertLess(run.json["summary"]["bytes"], 1.5 * plan["summary"]["estimated_bytes"] + 65536)

    def test_the_report_as_a_page_stands_alone_and_shows_the_measurements(self):
        run = self.export("mix.wav", "-f", "flac,mp3", "--tag", "title=<script>alert(1)</script>", "--report", "out/proof.html")
        page = (self.out / "proof.html").read_text(encoding="utf-8")

        class Page(html.parser.HTMLParser):
            seen, outside = [], []

            def handle_starttag(self, tag, attributes):
                self.seen.append(tag)
                for name, value in attributes:
                    if name in ("src", "href") and not (value or "").startswith(("#", "data:")):
                        self.outside.append(value)
        parser = Page()
        parser.feed(page)
        self.assertGreaterEqual(parser.seen.count("svg"), 4)
        self.assertNotIn("script", parser.seen)
        self.assertEqual(parser.outside, [])
        self.assert_words(page, ["mix.flac", "mix.mp3", "LUFS", "dBTP", *(file["sha256"][:16] for file in run.files)])

    def test_the_report_as_json_is_the_manifest_with_pictures(self):
        run = self.export("mix.wav", "-f", "flac", "--report", "proof.json", "--report", "proof.html")
        report = json.loads((self.folder / "proof.json").read_text())
        self.assertEqual(report["items"][0]["files"][0]["sha256"], run.file["sha256"])
        self.assertTrue(report["items"][0]["files"][0]["pictures"]["waveform"])
        self.assertTrue((self.folder / "proof.html").exists())

    def test_reports_are_not_replaced_unless_told(self):
        (self.folder / "proof.html").write_text("precious")
        self.assert_refused("mix.wav", "--report", "proof.html", status=support.EXISTS, words=["proof.html", "--overwrite"])
        self.export("mix.wav", "--report", "proof.html", "--overwrite")
        self.assertIn("<html", (self.folder / "proof.html").read_text())


if __name__ == "__main__":
    unittest.main()
