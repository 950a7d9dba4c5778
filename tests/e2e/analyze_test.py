#!/usr/bin/env python3
"""`dubplate analyze` as a user meets it: JSON, tables, tags, pictures, bad inputs, Ctrl-C."""
import json
import math
import os
import pathlib
import signal
import stat
import subprocess
import time
import unittest

import make_audio
import support
from support import (CANCELED, CODES, CORRUPT, DONE, EXISTS, INVALID, NOT_FOUND, PATIENCE_SECONDS, SLACK_SECONDS, SOME_FAILED,
                     UNSUPPORTED, ProgramTest, is_listening, wait_until)


def clicks(bpm, seconds):
    """A decaying 1 kHz sine on every beat."""
    frames = round(seconds * make_audio.RATE)
    wave = [0.0] * frames
    burst = [0.8 * math.exp(-i / 400) * math.sin(2 * math.pi * 1000 * i / make_audio.RATE) for i in range(2000)]
    for beat in range(math.ceil(seconds * bpm / 60 - 1e-9)):
        begin = round(beat * 60 / bpm * make_audio.RATE)
        for i, value in enumerate(burst[:frames - begin]):
            wave[begin + i] = value
    return [wave, wave]


class AnalyzeTest(ProgramTest):
    def analyze(self, *arguments, status=DONE):
        """The items of `dubplate analyze ... --json`, which prints one JSON document and nothing else."""
        run = self.run_program("analyze", *arguments, "--json")
        self.assertEqual(run.status, status, run)
        return run.json["items"]

    def analyze_one(self, *arguments):
        items = self.analyze(*arguments)
        self.assertEqual(len(items), 1)
        return items[0]

    def printed(self, *arguments, status=DONE):
        run = self.run_program("analyze", *arguments)
        self.assertEqual(run.status, status, run)
        return run.out.decode()


class Facts(AnalyzeTest):
    def test_of_a_wav_are_exact(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(1.5), coding="pcm24")
        item = self.analyze_one("a.wav", "--facts")
        self.assertEqual(item["frames"], 66150)
        self.assertEqual(item["duration_seconds"], 1.5)
        self.assertEqual((item["sample_rate"], item["channels"], item["bit_depth"]), (44100, 2, 24))
        self.assertEqual(item["file_size_bytes"], os.path.getsize("a.wav"))
        self.assertIsNone(item["peak_amplitude"])

    def test_of_every_format_are_those_of_the_judge(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.noise(2))
        for name in ("a.flac", "a.mp3", "a.m4a", "a.ogg", "a.aiff"):
            support.ffmpeg("-i", "a.wav", "-metadata", "title=Night", name)
            item = self.analyze_one(name, "--facts")
            self.assertEqual((item["sample_rate"], item["channels"]), (44100, 2), name)
            self.assertAlmostEqual(item["duration_seconds"], 2, delta=0.06, msg=name)
            self.assertEqual(item["tags"].get("title"), "Night", name)

    def test_take_a_moment_for_many_files(self):
        for i in range(100):
            make_audio.write_wav(self.folder / "many" / f"{i}.wav", make_audio.sine(0.05))
        began = time.monotonic()
        items = self.analyze("many", "--facts")
        took = time.monotonic() - began
        print(f"{self.id()}: 100 files in {took * 1000:.0f} ms with the start of the program", flush=True)
        self.assertEqual(len(items), 100)
        self.assertLess(took, 5)


class Measurements(AnalyzeTest):
    def test_of_a_sine_are_those_of_physics(self):
        make_audio.write_wav(self.folder / "sine.wav", make_audio.sine(5, level_db=-20))
        item = self.analyze_one("sine.wav")
        self.assertAlmostEqual(item["peak_amplitude"], 0.1, delta=1e-4)
        self.assertAlmostEqual(item["rms_energy"], 0.0707, delta=1e-4)
        self.assertAlmostEqual(item["dynamic_range_db"], 3.01, delta=0.01)
        self.assertAlmostEqual(item["integrated_lufs"], -20, delta=0.1)
        self.assertAlmostEqual(item["true_peak_dbtp"], -20, delta=0.1)
        self.assertEqual(item["clipping"]["runs"], 0)
        self.assertEqual(item["status"], "done")
        self.assertIsNone(item["error"])

    def test_agree_with_ffmpeg(self):
        make_audio.write_wav(self.folder / "noise.wav", make_audio.noise(6, level_db=-18))
        item = self.analyze_one("noise.wav", "--no-tempo", "--no-structure")
        told = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", "noise.wav", "-af", "ebur128=peak=true", "-f", "null", "-"],
                              capture_output=True, check=True).stderr.decode()
        summary = told[told.rindex("Summary"):]
        judged = float(summary.split("I:")[1].split()[0])
        self.assertAlmostEqual(item["integrated_lufs"], judged, delta=0.1)
        self.assertIsNone(item["bpm"])
        self.assertIsNone(item["patterns"])

    def test_of_clicks_have_their_tempo(self):
        make_audio.write_wav(self.folder / "loop_120bpm.wav", clicks(120, 16))
        item = self.analyze_one("loop_120bpm.wav", "--key")
        self.assertAlmostEqual(item["bpm"], 120, delta=0.3)
        self.assertGreater(item["bpm_confidence"], 0.3)
        self.assertTrue(item["bpm_source"])
        self.assertGreater(len(item["beats_seconds"]), 20)
        self.assertGreater(len(item["features"]["onsets_seconds"]), 20)
        self.assertEqual(len(item["features"]["vector"]), 48)

    def test_from_standard_input(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(1))
        run = self.run_program("analyze", "-", "--json", stdin=(self.folder / "a.wav").read_bytes())
        self.assertEqual(run.status, DONE, run)
        self.assertEqual(run.json["items"][0]["frames"], 44100)

    def test_do_not_depend_on_the_order_or_on_the_jobs(self):
        for i in range(4):
            make_audio.write_wav(self.folder / f"{i}.wav", clicks(100 + 20 * i, 4))
        forth = self.analyze("0.wav", "1.wav", "2.wav", "3.wav", "--jobs", "1", "--key")
        back = self.analyze("3.wav", "2.wav", "1.wav", "0.wav", "--jobs", "4", "--key")
        self.assertEqual(forth, back[::-1])


class BadInput(AnalyzeTest):
    def assert_fails(self, path, status, words):
        run = self.run_program("analyze", path, "--json", "--key")
        self.assertEqual(run.status, status, run)
        item = run.json["items"][0]
        self.assertEqual(item["status"], "failed")
        self.assertEqual(item["error"]["code"], CODES[status], run)
        self.assert_words(run.err, [str(path), *words])

    def test_is_told_apart(self):
        (self.folder / "empty.wav").write_bytes(b"")
        (self.folder / "text.wav").write_text("not audio, but a text", encoding="utf-8")
        make_audio.write_wav(self.folder / "none.wav", [[], []])
        (self.folder / "folder").mkdir()
        self.assert_fails("missing.wav", NOT_FOUND, ["No such file"])
        self.assert_fails("empty.wav", CORRUPT, ["is empty"])
        self.assert_fails("text.wav", UNSUPPORTED, [])
        self.assert_fails("none.wav", CORRUPT, ["0 frames"])
        self.assert_fails("folder", NOT_FOUND, ["no audio files"])

    def test_does_not_stop_the_batch(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(0.5))
        (self.folder / "b.wav").write_bytes(b"junk")
        items = self.analyze("a.wav", "b.wav", "missing.wav", status=SOME_FAILED)
        self.assertEqual([item["status"] for item in items], ["done", "failed", "failed"])

    def test_has_the_keys_of_all_others(self):
        make_audio.write_wav(self.folder / "good.wav", make_audio.sine(1))
        (self.folder / "bad.wav").write_text("no audio")
        bad, good = self.analyze("bad.wav", "good.wav", "--key", status=SOME_FAILED)
        self.assertEqual(set(bad), set(good))
        self.assertIsNone(bad["frames"])
        self.assertIsNone(bad["bpm"])

    def test_that_is_a_pipe_is_named_once(self):
        os.mkfifo(self.folder / "pipe.wav")
        run = self.run_program("analyze", "pipe.wav")
        self.assertEqual(run.status, UNSUPPORTED, run)
        self.assertEqual(run.err.count("pipe.wav"), 1, run)

    def test_cut_off_is_measured_as_far_as_it_goes(self):
        whole = make_audio.wav(make_audio.sine(2))
        (self.folder / "cut.wav").write_bytes(whole[:len(whole) // 2])
        item = self.analyze_one("cut.wav")
        self.assertAlmostEqual(item["duration_seconds"], 1, delta=0.01)
        self.assert_words(" ".join(item["warnings"]), ["the header says 2.000 s"])

    def test_tiny_and_silent_and_noisy_have_no_tempo_and_no_key(self):
        make_audio.write_wav(self.folder / "one.wav", [[0.5], [0.5]])
        make_audio.write_wav(self.folder / "ten.wav", make_audio.sine(0.01))
        make_audio.write_wav(self.folder / "silence.wav", make_audio.silence(5))
        make_audio.write_wav(self.folder / "noise.wav", make_audio.noise(10))
        silent = self.analyze_one("silence.wav")
        for key in ("dynamic_range_db", "crest_factor", "true_peak_dbtp", "true_peak_seconds"):
            self.assertIsNone(silent[key], key)
        for item in self.analyze("one.wav", "ten.wav", "silence.wav", "noise.wav", "--key"):
            self.assertIsNone(item["bpm"], item["input"])
            self.assertTrue(item["bpm_reason"], item["input"])
            self.assertIsNone(item["key"], item["input"])
            self.assertTrue(item["key_reason"], item["input"])

    def test_nothing_given_is_refused(self):
        run = self.run_program("analyze", "--json")
        self.assertEqual(run.status, INVALID, run)
        self.assertEqual(run.json["error"]["code"], "invalid_argument")

    def test_options_that_contradict_each_other_are_refused(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(0.1))
        for arguments, words in ((["--facts", "--write-tags"], ["contradict"]), (["--picture", "a.jpg"], ["--picture", ".png"]),
                                 (["--min-bpm", "70"], ["max_bpm"]), (["--min-confidence", "2"], ["--min-confidence"])):
            run = self.run_program("analyze", "a.wav", *arguments)
            self.assertEqual(run.status, INVALID, run)
            self.assert_words(run.err, words)


class WriteTags(AnalyzeTest):
    def setUp(self):
        super().setUp()
        make_audio.write_wav(self.folder / "loop_120bpm.wav", clicks(120, 16))

    def test_puts_the_tempo_into_the_file_and_leaves_the_audio(self):
        os.chmod("loop_120bpm.wav", 0o640)
        before = support.samples("loop_120bpm.wav")
        item = self.analyze_one("loop_120bpm.wav", "--write-tags", "--min-confidence", "0.1")
        self.assertEqual([tag["name"] for tag in item["tags_written"]], ["bpm"], item["not_written"])
        self.assertEqual(support.samples("loop_120bpm.wav"), before)
        self.assertEqual(stat.S_IMODE(os.stat("loop_120bpm.wav").st_mode), 0o640)
        self.assertAlmostEqual(self.analyze_one("loop_120bpm.wav", "--facts")["tags"]["bpm"], 120, delta=0.3)
        self.assertEqual(os.listdir(self.folder), ["loop_120bpm.wav"])

    def test_keeps_what_dj_programs_hide_in_a_file(self):
        try:
            import mutagen.id3
        except ImportError:
            support.skip(self, "mutagen is not installed")
        support.ffmpeg("-i", "loop_120bpm.wav", "-b:a", "192k", "loop.mp3")
        tags = mutagen.id3.ID3("loop.mp3")
        tags.add(mutagen.id3.GEOB(encoding=0, mime="application/octet-stream", filename="", desc="Serato Markers_", data=b"cues" * 9))
        tags.add(mutagen.id3.USLT(encoding=3, lang="eng", desc="", text="la la"))
        tags.add(mutagen.id3.TXXX(encoding=3, desc="REPLAYGAIN_TRACK_GAIN", text="-3.20 dB"))
        tags.save()
        item = self.analyze_one("loop.mp3", "--write-tags", "--min-confidence", "0.1")
        self.assertEqual([tag["name"] for tag in item["tags_written"]], ["bpm"], item["not_written"])
        after = mutagen.id3.ID3("loop.mp3")
        self.assertEqual(after.getall("GEOB")[0].data, b"cues" * 9)
        self.assertEqual(after.getall("USLT")[0].text, "la la")
        self.assertEqual(str(after.getall("TXXX:REPLAYGAIN_TRACK_GAIN")[0]), "-3.20 dB")
        self.assertAlmostEqual(float(str(after["TBPM"])), item["bpm"], delta=0.01)

    def test_touches_nothing_where_it_is_not_sure(self):
        before = support.listing(self.folder)
        item = self.analyze_one("loop_120bpm.wav", "--write-tags", "--min-confidence", "1")
        self.assertEqual(item["tags_written"], [])
        self.assertTrue(item["not_written"])
        self.assertEqual(support.listing(self.folder), before)

    def test_touches_nothing_in_a_dry_run_or_unless_asked(self):
        before = support.listing(self.folder)
        self.printed("loop_120bpm.wav", "--write-tags", "--dry-run")
        self.printed("loop_120bpm.wav", "--key")
        self.assertEqual(support.listing(self.folder), before)

    def test_skips_formats_that_it_only_reads(self):
        support.ffmpeg("-i", "loop_120bpm.wav", "loop.ogg")
        support.ffmpeg("-i", "loop_120bpm.wav", "loop.m4a")
        before = support.listing(self.folder)
        for name, title in (("loop.ogg", "Ogg"), ("loop.m4a", "M4A")):
            item = self.analyze_one(name, "--write-tags")
            self.assertEqual(item["status"], "done")
            self.assertEqual(item["not_written"].lower(), f"tags of {title} are read, but not written".lower())
            self.assertAlmostEqual(item["integrated_lufs"], self.analyze_one("loop_120bpm.wav")["integrated_lufs"], delta=0.3)
        self.assertIn("no tag written: tags of", self.printed("loop.ogg", "--write-tags"))
        self.assertEqual(support.listing(self.folder), before)


class Picture(AnalyzeTest):
    def test_is_made_as_svg_and_png(self):
        make_audio.write_wav(self.folder / "a.wav", clicks(120, 8))
        self.printed("a.wav", "--key", "--picture", "a.svg")
        self.printed("a.wav", "--key", "--picture", "a.png")
        support.run_tool("xmllint", "--noout", "a.svg")
        self.assertEqual(pathlib.Path("a.png").read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
        picture = support.ffprobe_video("a.png")
        self.assertEqual((picture["width"], picture["height"]), (2400, 1520))

    def test_is_never_overwritten_unasked(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(0.5))
        (self.folder / "a.png").write_bytes(b"mine")
        run = self.run_program("analyze", "a.wav", "--picture", "a.png")
        self.assertEqual(run.status, EXISTS, run)
        self.assertEqual(pathlib.Path("a.png").read_bytes(), b"mine")
        self.printed("a.wav", "--picture", "a.png", "--overwrite")

    def test_needs_a_place_for_the_name_where_there_are_several(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(0.5))
        make_audio.write_wav(self.folder / "b.wav", make_audio.sine(0.5))
        run = self.run_program("analyze", "a.wav", "b.wav", "--picture", "all.png")
        self.assertEqual(run.status, INVALID, run)
        self.assert_words(run.err, ["{input}"])
        self.printed("a.wav", "b.wav", "--picture", "{input}.png")
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.png", "a.wav", "b.png", "b.wav"])


class Printed(AnalyzeTest):
    def test_one_input_is_told_in_full(self):
        make_audio.write_wav(self.folder / "a.wav", clicks(120, 8))
        self.assert_words(self.printed("a.wav", "--key"), ["loudness", "true peak", "dynamic range", "tempo", "key", "onsets"])

    def test_several_are_a_table_with_a_summary(self):
        for name in ("a.wav", "b.wav"):
            make_audio.write_wav(self.folder / name, make_audio.sine(1))
        lines = self.printed("a.wav", "b.wav", "--key").splitlines()
        self.assertEqual(lines[0].split(), ["file", "length", "rate", "depth", "channels", "loudness", "true", "peak",
                                            "dynamics", "tempo", "sure", "key", "sure"])
        self.assertIn("2 files", lines[-1])

    def test_quiet_prints_nothing(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(0.1))
        self.assertEqual(self.printed("a.wav", "--quiet"), "")

    def test_the_schema_is_that_of_the_options(self):
        schema = json.loads(self.printed("--schema"))
        self.assertIn("write_tags", schema["properties"])


class Interrupted(AnalyzeTest):
    def test_it_stops_at_once_and_leaves_nothing(self):
        make_audio.write_long_wav(self.folder / "long.wav", 1200)
        process = subprocess.Popen([support.PROGRAM, "analyze", "long.wav", "--key", "--json", "--picture", "long.png", "--write-tags"],
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                   env=support.environment(self.folder))
        self.addCleanup(process.kill)
        wait_until(lambda: is_listening(process), process)
        time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        self.assertLess(time.monotonic() - began, SLACK_SECONDS)
        self.assertEqual(process.returncode, CANCELED, err)
        self.assertIn(b"canceled", err)
        self.assertEqual(json.loads(out)["items"][0]["status"], "canceled")
        self.assertEqual(os.listdir(self.folder), ["long.wav"])


if __name__ == "__main__":
    unittest.main()
