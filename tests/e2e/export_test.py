#!/usr/bin/env python3
"""Formats, levels, presets and repeatability of `dubplate export`, each effect seen by another tool."""
import json
import math
import os
import re
import unittest

import make_audio
import support
from support import DONE, EXISTS, INVALID, ProgramTest

WAV_RATES = (8000, 22050, 48000, 96000, 192000)


class ExportTest(ProgramTest):
    """quiet.wav: a sine at -30 LUFS. loud.wav: noise whose peaks pass any ceiling at a usual target."""

    @classmethod
    def setUpClass(cls):
        cls.quiet = make_audio.wav(make_audio.sine(2, level_db=-30))
        quiet, loud = make_audio.noise(1, -34), make_audio.noise(1, -22, seed=2)
        cls.loud = make_audio.wav(make_audio.joined(quiet, loud, quiet))
        clicks = make_audio.silence(2)
        for channel in clicks:
            for place in range(5000, 88200, 9000):
                channel[place:place + 20] = [0.45 - 0.45 * math.cos(2 * math.pi * i / 20) for i in range(20)]
        cls.peaky = make_audio.wav(make_audio.mixed(clicks, make_audio.sine(2, level_db=-26)), coding="pcm24")

    def setUp(self):
        super().setUp()
        for name in ("quiet", "loud", "peaky"):
            (self.folder / f"{name}.wav").write_bytes(getattr(self, name))

    def assert_level(self, path, lufs, ceiling_dbtp=-1.0):
        loudness, peak = support.ebur128(path)
        self.assertAlmostEqual(loudness, lufs, delta=0.15, msg=f"{path}")  # ours 0.1, and ffmpeg prints one digit
        self.assertLessEqual(peak, ceiling_dbtp + 0.1, f"{path}")


class Formats(ExportTest):
    def test_all_formats_at_once_hold_the_same_recording(self):
        run = self.export("quiet.wav", "-f", "wav,aiff,flac,mp3")
        self.assertEqual(sorted(os.listdir(self.out)), ["quiet.aiff", "quiet.flac", "quiet.mp3", "quiet.wav"])
        codecs = {"wav": "pcm_s24le", "aiff": "pcm_s24be", "flac": "flac", "mp3": "mp3"}
        for file in run.files:
            with self.subTest(file["format"]):
                self.assertEqual(support.ffprobe(file["path"])["codec_name"], codecs[file["format"]])
                self.assertEqual(support.frames(file["path"]), 88200)
                self.assert_level(file["path"], -16)
                self.assertEqual(file["sha256"], support.sha256(file["path"]))
                self.assertEqual(file["bytes"], os.path.getsize(file["path"]))
        for name in ("quiet.wav", "quiet.aiff", "quiet.flac"):
            self.assertEqual(support.sox_info(self.out / name), (44100, 2, 24, 88200))

    def test_the_lossless_ones_are_equal_to_the_bit(self):
        run = self.export("quiet.wav", "-f", "wav,aiff,flac", "--bit-depth", "24")
        decoded = {support.samples(file["path"], "s32le") for file in run.files}
        self.assertEqual(len(decoded), 1)

    def test_flac_passes_its_own_test_and_carries_its_md5_and_length(self):
        self.export("quiet.wav", "-f", "flac")
        support.run_tool("flac", "-s", "-t", self.out / "quiet.flac")
        show = lambda what: support.run_tool("metaflac", what, self.out / "quiet.flac").strip()
        self.assertEqual(show("--show-total-samples"), "88200")
        self.assertNotEqual(show("--show-md5sum"), "0" * 32)
        self.assertEqual((show("--show-sample-rate"), show("--show-channels"), show("--show-bps")), ("44100", "2", "24"))

    def test_the_extension_of_the_output_chooses_the_format(self):
        for name, format_name in (("a.flac", "flac"), ("b.mp3", "mp3"), ("c.aif", "aiff"), ("d.WAV", "wav")):
            file = self.export_one("quiet.wav", "-o", f"to/{name}")
            self.assertEqual(file["format"], format_name)
            self.assertTrue((self.folder / "to" / name).is_file())

    def test_bit_depths_as_asked(self):
        for depth, codec in (("16", "pcm_s16le"), ("24", "pcm_s24le"), ("32", "pcm_s32le"), ("float", "pcm_f32le")):
            with self.subTest(depth):
                file = self.export_one("quiet.wav", "--bit-depth", depth, "-o", f"{depth}.wav")
                self.assertEqual(support.ffprobe(file["path"])["codec_name"], codec)
                self.assertEqual(file["bit_depth"], depth)
        for depth in ("16", "24"):
            file = self.export_one("quiet.wav", "--bit-depth", depth, "-o", f"{depth}.flac")
            self.assertEqual(support.sox_info(file["path"])[2], int(depth))
        for depth, codec in (("16", "pcm_s16be"), ("32", "pcm_s32be"), ("float", "pcm_f32be")):
            file = self.export_one("quiet.wav", "--bit-depth", depth, "-o", f"{depth}.aiff")
            self.assertEqual(support.ffprobe(file["path"])["codec_name"], codec)

    def test_flac_keeps_16_bits_where_nothing_changes_them(self):
        file = self.export_one("quiet.wav", "-f", "flac", "--no-normalize")
        self.assertEqual(file["bit_depth"], "16")
        self.assertEqual(support.samples(file["path"], "s16le"), self.quiet[44:])

    def test_sample_rates_as_asked_to_the_frame(self):
        for rate in WAV_RATES:
            with self.subTest(rate):
                file = self.export_one("quiet.wav", "--sample-rate", str(rate), "-o", f"{rate}.wav")
                self.assertEqual(support.sox_info(file["path"]), (rate, 2, 24, 2 * rate))
                self.assert_level(file["path"], -16)

    def test_mp3_takes_the_nearest_rate_that_it_allows_and_says_so(self):
        run = self.export("quiet.wav", "-f", "mp3,wav", "--sample-rate", "96000")
        mp3 = next(file for file in run.files if file["format"] == "mp3")
        self.assertEqual(support.ffprobe(mp3["path"])["sample_rate"], "48000")
        self.assert_words(" ".join(loss["why"] for loss in mp3["losses"]), ["48000", "MP3"])
        plan = self.run_program("export", "quiet.wav", "-f", "mp3", "--sample-rate", "96000", "--dry-run")
        self.assertIn(b"48000", plan.out)

    def test_mp3_at_constant_and_variable_bit_rates(self):
        for bitrate in ("64", "128", "320"):
            file = self.export_one("quiet.wav", "--bitrate", bitrate, "-o", f"{bitrate}.mp3")
            general, audio = support.mediainfo(file["path"])
            self.assertEqual((audio["BitRate_Mode"], audio["BitRate"]), ("CBR", bitrate + "000"))
        low = self.export_one("quiet.wav", "--bitrate", "32", "-o", "32.mp3")
        self.assertEqual(support.frames(low["path"]), 88200)
        sizes = []
        for quality in ("0", "5", "9"):
            file = self.export_one("loud.wav", "--vbr", quality, "--no-normalize", "-o", f"v{quality}.mp3")
            self.assertEqual(support.mediainfo(file["path"])[1]["BitRate_Mode"], "VBR")
            self.assertEqual(support.frames(file["path"]), 3 * 44100)
            sizes.append(file["bytes"])
        self.assertEqual(sizes, sorted(sizes, reverse=True))

    def test_channels_are_folded_down_and_up(self):
        left_only = [make_audio.sine(1)[0], [0.0] * 44100]
        make_audio.write_wav(self.folder / "left.wav", left_only)
        mono = self.export_one("left.wav", "--channels", "1", "--no-normalize", "-o", "mono.wav")
        self.assertEqual(support.sox_info(mono["path"]), (44100, 1, 24, 44100))
        found = max(support.floats(mono["path"]))
        self.assertAlmostEqual(found, max(left_only[0]) / 2, delta=1e-3)
        stereo = self.export_one("mono.wav", "--channels", "2", "-o", "stereo.flac")
        pairs = support.floats(stereo["path"])
        self.assertLess(max(abs(left - right) for left, right in zip(pairs[0::2], pairs[1::2])), 4 * 2 ** -23)

    def test_eight_channels_go_through_wav_and_flac(self):
        signal = [make_audio.sine(0.5, level_db=-20 - c, frequency=200 * (c + 1), channels=1)[0] for c in range(8)]
        make_audio.write_wav(self.folder / "wide.wav", signal, coding="pcm24", extensible=True)
        for file in self.export("wide.wav", "-f", "wav,flac", "--no-normalize").files:
            self.assertEqual(support.sox_info(file["path"]), (44100, 8, 24, 22050))
            decoded = support.floats(file["path"])
            for c in range(8):
                self.assertAlmostEqual(max(decoded[c::8]), make_audio.amplitude(-20 - c), delta=1e-3)

    def test_dither_is_noise_where_bits_are_cut_and_only_there(self):
        make_audio.write_wav(self.folder / "tiny.wav", make_audio.sine(1, level_db=-100), coding="pcm24")
        found = {}
        for kind in ("none", "tpdf", "shaped"):
            file = self.export_one("tiny.wav", "--bit-depth", "16", "--no-normalize", "--dither", kind, "-o", f"{kind}.wav")
            found[kind] = set(support.floats(file["path"]))
        self.assertEqual(found["none"], {0.0})  # -100 dBFS is a third of a step of 16 bits
        self.assertGreater(len(found["tpdf"]), 2)
        self.assertGreater(len(found["shaped"]), len(found["tpdf"]))
        self.export_one("quiet.wav", "--bit-depth", "16", "--no-normalize", "-o", "same.wav")
        self.assertEqual(support.samples(self.folder / "same.wav", "s16le"), self.quiet[44:])

    def test_the_seed_of_the_dither_is_chosen(self):
        digests = {self.export_one("peaky.wav", "--bit-depth", "16", "--seed", seed, "-o", f"{i}.wav")["sha256"]
                   for i, seed in enumerate(("1", "1", "2"))}
        self.assertEqual(len(digests), 2)


class Levels(ExportTest):
    def test_the_loudness_asked_for_is_delivered_in_every_format(self):
        for target in ("-23", "-14.5", "-30"):
            for file in self.export("loud.wav", "-f", "wav,mp3", "--loudness", target, "--overwrite").files:
                self.assert_level(file["path"], float(target))

    def test_no_normalize_keeps_the_level_to_the_bit(self):
        file = self.export_one("loud.wav", "-f", "flac", "--no-normalize")
        self.assertEqual(support.samples(file["path"], "s16le"), self.loud[44:])
        self.assertIsNone(file["target_lufs"])

    def test_the_limiter_holds_ceiling_and_target(self):
        for ceiling in ("-1", "-6"):
            for file in self.export("peaky.wav", "-f", "wav,mp3", "--loudness", "-20", "--true-peak", ceiling,
                                    "--on-peak", "limit", "--overwrite").files:
                self.assert_level(file["path"], -20, float(ceiling))
                self.assertGreater(file["limiter_max_reduction_db"], 0)

    def test_reduce_holds_the_ceiling_with_less_gain_and_says_so(self):
        run = self.export("peaky.wav", "-f", "wav,mp3", "--loudness", "-16", "--true-peak", "-2", "--on-peak", "reduce")
        self.assert_words(run.json["items"][0]["outcome"], ["reduced", "ceiling"])
        for file in run.files:
            loudness, peak = support.ebur128(file["path"])
            self.assertLess(loudness, -17)
            self.assertLessEqual(peak, -1.9)
            self.assertEqual(file["limiter_max_reduction_db"], 0)
        before, after = support.floats(self.folder / "peaky.wav"), support.floats(run.files[0]["path"])
        gain = 10 ** (run.files[0]["gain_db"] / 20)
        self.assertLess(max(abs(b * gain - a) for b, a in zip(before, after)), 1e-3)  # the gain is told to 0.01 dB

    def test_an_album_keeps_its_balance(self):
        make_audio.write_wav(self.folder / "album" / "1.wav", make_audio.sine(2, -20))
        make_audio.write_wav(self.folder / "album" / "2.wav", make_audio.sine(2, -26))
        files = self.export("album", "--album", "-f", "flac").files
        levels = [support.ebur128(file["path"])[0] for file in files]
        self.assertAlmostEqual(levels[0] - levels[1], 6, delta=0.15)
        self.assertEqual(files[0]["gain_db"], files[1]["gain_db"])
        joined = self.folder / "joined.wav"
        support.run_tool("sox", files[0]["path"], files[1]["path"], joined)
        self.assert_level(joined, -16)

    def test_without_album_each_has_a_gain_of_its_own(self):
        for file in self.export("quiet.wav", "loud.wav").files:
            self.assert_level(file["path"], -16)

    def test_dual_mono_is_three_decibels_quieter(self):
        make_audio.write_wav(self.folder / "mono.wav", make_audio.sine(2, channels=1))
        plain = self.export_one("mono.wav", "-o", "plain.wav")
        dual = self.export_one("mono.wav", "--dual-mono", "-o", "dual.wav")
        self.assertAlmostEqual(plain["gain_db"] - dual["gain_db"], 3.01, delta=0.02)
        self.assertAlmostEqual(support.ebur128(plain["path"])[0] - support.ebur128(dual["path"])[0], 3, delta=0.15)

    def test_a_target_that_no_limiter_reaches_is_refused_with_a_way_out(self):
        run = self.assert_refused("loud.wav", "--loudness", "0", "--true-peak", "-20", status=support.UNSUPPORTED,
                                  words=["0 LUFS", "-20 dBTP", "--on-peak reduce"])
        advice = re.search(r"try --loudness (-[0-9.]+),", str(run))[1]
        self.export_one("loud.wav", "--loudness", advice, "--true-peak", "-20")

    def test_an_mp3_of_few_bits_keeps_the_level_where_nothing_is_normalized(self):
        make_audio.write_wav(self.folder / "tone.wav", make_audio.sine(3))
        file = self.export_one("tone.wav", "-f", "mp3", "--bitrate", "128", "--no-normalize")
        source = support.ebur128("tone.wav")[0]
        self.assertAlmostEqual(support.ebur128(file["path"])[0], source, delta=0.15)

    def test_infinities_are_measured_as_they_are_delivered(self):
        frames = [0.05 * math.sin(i / 20) if i % 2000 else math.inf for i in range(3 * 48000)]
        make_audio.write_wav(self.folder / "inf.wav", [frames], coding="float32")
        for file in self.export("inf.wav", "-f", "wav,flac").files:
            self.assertEqual(file["generations"], 1)

    def test_a_loud_preset_is_reached_on_a_song_with_sharp_peaks(self):
        song = support.SONG_FOLDER / "frozen-mainzik-2p.ogg"
        for format in ("wav", "mp3"):
            file = self.export_one(song, "--preset", "spotify-loud", "--end", "30", "-f", format)
            self.assertAlmostEqual(file["loudness"]["integrated_lufs"], -11, delta=0.1)
            self.assertLessEqual(file["loudness"]["true_peak_dbtp"], -2)


class Presets(ExportTest):
    TARGETS = {"streaming": (-16, -1), "apple": (-16, -1), "youtube": (-14, -1), "amazon": (-14, -2), "spotify": (-14, -1),
               "spotify-loud": (-11, -2), "broadcast": (-23, -1), "podcast": (-16, -1)}

    def test_each_platform_gets_its_level(self):
        for name, (lufs, dbtp) in self.TARGETS.items():
            with self.subTest(name):
                file = self.export_one("quiet.wav", "--preset", name, "-o", f"{name}.wav")
                self.assertEqual((file["target_lufs"], file["ceiling_dbtp"]), (lufs, dbtp))
                self.assert_level(file["path"], lufs, dbtp)

    def test_the_presets_of_the_studio(self):
        for name, codec, rate in (("studio", "pcm_s32le", "96000"), ("standard", "pcm_s24le", "48000"),
                                  ("web", "mp3", "44100"), ("archive", "flac", "96000")):
            with self.subTest(name):
                file = self.export_one("quiet.wav", "--preset", name, "-o", self.folder / name)
                found = support.ffprobe(file["path"])
                self.assertEqual((found["codec_name"], found["sample_rate"]), (codec, rate))

    def test_what_is_said_beside_a_preset_wins(self):
        file = self.export_one("quiet.wav", "--preset", "spotify-loud", "--loudness", "-20")
        self.assertEqual((file["target_lufs"], file["ceiling_dbtp"]), (-20, -2))

    def test_they_are_listed(self):
        run = self.run_program("export", "--presets")
        self.assertEqual(run.status, DONE, run)
        for name in (*self.TARGETS, "studio", "standard", "web", "archive"):
            self.assertIn(name, run.out.decode())

    def test_they_are_listed_as_json(self):
        run = self.run_program("export", "--presets", "--json")
        self.assertEqual(run.status, DONE, run)
        self.assertIn("spotify-loud", [preset["name"] for preset in run.json["items"]])

    def test_ones_own_is_saved_listed_and_used(self):
        saved = self.run_program("export", "--save-preset", "club", "--loudness", "-9", "-f", "flac", "--sample-rate", "48000")
        self.assertEqual(saved.status, DONE, saved)
        stored = json.loads((self.folder / "config" / "dubplate" / "presets" / "club.json").read_text())
        self.assertEqual(stored["loudness"]["target_lufs"], -9)
        self.assertIn(b"club", self.run_program("export", "--presets").out)
        file = self.export_one("quiet.wav", "--preset", "club")
        self.assertEqual((file["format"], file["target_lufs"], file["sample_rate_hz"]), ("flac", -9, 48000))

    def test_one_that_exists_is_replaced_only_when_told(self):
        for arguments, status in ((["--loudness", "-9"], DONE), (["--loudness", "-8"], EXISTS),
                                  (["--loudness", "-8", "--overwrite"], DONE)):
            run = self.run_program("export", "--save-preset", "club", *arguments)
            self.assertEqual(run.status, status, run)
        self.assert_words((self.folder / "config" / "dubplate" / "presets" / "club.json").read_text(), ["-8"])

    def test_a_built_in_one_and_a_name_that_is_a_path_are_protected(self):
        for name, words in (("spotify", ["spotify", "built in"]), ("../club", ["preset name"]), ("-x", ["preset name"])):
            run = self.run_program("export", "--save-preset=" + name, "--loudness", "-9", "--overwrite", "--json")
            self.assertEqual(run.status, INVALID, run)
            self.assert_words(run.err, words)
            self.assert_words(run.json["error"]["message"], words)
        self.assertFalse((self.folder / "config").exists())


class Repeatability(ExportTest):
    FORMATS = ("-f", "wav,aiff,flac,mp3", "--bit-depth", "24")

    def digests(self, *arguments, **options):
        run = self.export(*arguments, "--overwrite", **options)
        for file in run.files:
            self.assertEqual(file["sha256"], support.sha256(file["path"]))
        return {os.path.basename(file["path"]): file["sha256"] for file in run.files}

    def test_the_same_command_gives_the_same_bytes(self):
        tags = ("--tag", "title=Night Drive", "--tag", "mood=late")
        first = self.digests("loud.wav", *self.FORMATS, *tags, "--sample-rate", "48000")
        second = self.digests("loud.wav", *self.FORMATS, *tags, "--sample-rate", "48000")
        self.assertEqual(first, second)
        self.assertEqual(len(first), 4)

    def test_the_number_of_jobs_changes_nothing(self):
        inputs = ("quiet.wav", "loud.wav", "peaky.wav")
        one = self.digests(*inputs, *self.FORMATS, "--jobs", "1")
        self.assertEqual(one, self.digests(*inputs, *self.FORMATS, "--jobs", "4"))
        self.assertEqual(len(one), 12)

    def test_the_day_is_the_only_thing_that_another_time_changes(self):
        now = self.digests("quiet.wav", "-f", "flac,mp3")
        later = self.digests("quiet.wav", "-f", "flac,mp3", SOURCE_DATE_EPOCH="1850000000")
        self.assertEqual(now, later)
        audio = [support.samples(self.export_one("quiet.wav", "--overwrite", SOURCE_DATE_EPOCH=when)["path"])
                 for when in ("0", "1850000000")]
        self.assertEqual(audio[0], audio[1])


if __name__ == "__main__":
    unittest.main()
