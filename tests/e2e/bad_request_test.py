#!/usr/bin/env python3
"""Requests that contradict themselves, break a rule or are misspelled, and tags and covers that mean harm."""
import json
import os
import pathlib
import re
import struct
import unittest

import make_audio
import support
from support import CORRUPT, DONE, EXISTS, INVALID, IO, LIMIT, NOT_FOUND, UNSUPPORTED, ProgramTest


class RequestTest(ProgramTest):
    def setUp(self):
        super().setUp()
        make_audio.write_wav(self.folder / "mix.wav", make_audio.sine(1))

    def assert_invalid(self, *arguments, words, status=INVALID):
        return self.assert_refused("mix.wav", *arguments, status=status, words=words)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class Contradictions(RequestTest):
    def test_bitrate_and_vbr(self):
        self.assert_invalid("-f", "mp3", "--bitrate", "192", "--vbr", "2", words=["--bitrate", "--vbr", "leave one"])

    def test_a_level_that_is_not_touched(self):
        for option in (["--loudness", "-14"], ["--true-peak", "-2"], ["--on-peak", "reduce"], ["--album"]):
            self.assert_invalid("--no-normalize", *option, words=["no effect", "nothing is normalized"])
        self.assert_invalid("--no-normalize", "--normalize", words=["--normalize", "received 2"])
        self.export("mix.wav", "--no-normalize", "--preset", "youtube")

    def test_settings_of_a_format_that_is_not_made(self):
        self.assert_invalid("-f", "wav", "--bitrate", "192", words=["no effect", "no MP3"])
        self.assert_invalid("-f", "flac", "--vbr", "2", words=["no effect", "no MP3"])
        self.assert_invalid("-f", "mp3", "--bit-depth", "24", words=["--bit-depth", "MP3 has none"])

    def test_split_and_a_part(self):
        self.write("labels.txt", "0\t1\tAll\n")
        for option in ("--start", "--end"):
            self.assert_invalid("--split", "labels.txt", option, "0.5", words=["split", option[2:], "leave one"])

    def test_an_end_before_the_start(self):
        self.assert_invalid("--start", "0.8", "--end", "0.2", words=["end", "0.200", "start", "0.800"])
        self.assert_invalid("--start", "0.5", "--end", "0.5", words=["end", "start"])

    def test_a_start_past_the_end_of_the_source(self):
        self.assert_invalid("--start", "5", words=["mix.wav", "--start", "past the end", "0:01.000"])

    def test_an_output_of_another_format(self):
        self.assert_invalid("-f", "flac", "-o", "x.mp3", words=["x.mp3", "flac", "leave one"])

    def test_one_output_file_for_two_inputs(self):
        make_audio.write_wav(self.folder / "other.wav", make_audio.sine(1))
        self.assert_invalid("other.wav", "-o", "x.wav", words=["x.wav", "2 files", "folder"])

    def test_one_output_file_for_two_formats(self):
        self.assert_invalid("-f", "wav,flac", "-o", "x.wav", words=["x.wav", "2 files", "folder"])

    def test_one_output_file_for_a_folder_of_inputs(self):
        make_audio.write_wav(self.folder / "in" / "a.wav", make_audio.sine(1))
        make_audio.write_wav(self.folder / "in" / "b.wav", make_audio.sine(1))
        self.assert_refused("in", "-o", "x.wav", status=INVALID, words=["x.wav", "2 files"])

    def test_a_depth_that_the_format_has_not(self):
        self.assert_invalid("-f", "flac", "--bit-depth", "float", words=["--bit-depth: FLAC", "float", "16, 24"])
        self.assert_invalid("-f", "aiff,flac", "--bit-depth", "32", words=["FLAC", "32"])

    def test_a_format_twice(self):
        self.assert_invalid("-f", "wav,flac,wav", words=["wav", "twice"])

    def test_standard_input_twice(self):
        self.assert_refused("-", "-", status=INVALID, words=["standard input"],
                            stdin=make_audio.wav(make_audio.sine(0.1)))


class ValuesOutOfRange(RequestTest):
    def test_each_is_named_with_what_is_allowed(self):
        for option, value, words in (
                ("--loudness", "5", ["--loudness: 5", "-60 to 0"]), ("--loudness", "-61", ["-61", "-60 to 0"]),
                ("--loudness", "nan", ["loudness"]), ("--loudness", "loud", ["loud"]),
                ("--true-peak", "3", ["3", "-20 to 0"]), ("--sample-rate", "7999", ["7999", "8000 to 192000"]),
                ("--sample-rate", "192001", ["192001", "192000"]), ("--sample-rate", "44.1", ["44.1", "whole number"]),
                ("--bit-depth", "20", ["20", "16", "24", "32", "float"]), ("--channels", "3", ["3", "1 to 2"]),
                ("--bitrate", "321", ["--bitrate: 321", "8 to 320"]), ("--vbr", "V10", ["--vbr: 10", "0 to 9"]), ("--vbr", "VV0", ["VV0", "whole number"]),
                ("--dither", "rectangular", ["rectangular", "none", "tpdf", "shaped"]),
                ("--on-peak", "clip", ["clip", "limit", "reduce"]), ("--format", "wma", ["--format: wma", "wav", "mp3"]),
                ("--fade-in", "-1", ["-1"]), ("--start", "soon", ["soon"]), ("--trim-silence", "-5", ["-5", "-120 to -20"]),
                ("--seed", "-1", ["-1"]), ("--jobs", "0", ["jobs", "0"]), ("--jobs", "many", ["jobs", "many"])):
            with self.subTest(f"{option} {value}"):
                self.assert_invalid(f"{option}={value}", words=words)

    def test_a_bitrate_that_mp3_has_not_is_refused_before_the_work(self):
        self.assert_invalid("-f", "mp3", "--bitrate", "100", words=["mix.wav", "44100 Hz", "100 kbit/s", "--bitrate 96"])

    def test_an_unknown_option_is_named(self):
        self.assert_invalid("--lufs", "-14", words=["--lufs", "--help"])

    def test_no_input_is_told_with_what_to_name(self):
        self.assert_refused(status=INVALID, words=["no input", "file"])

    def test_an_option_given_twice(self):
        self.assert_invalid("--loudness", "-14", "--loudness", "-16", words=["--loudness"])


class MisspelledNames(RequestTest):
    def test_a_preset_is_told_with_the_nearest_one(self):
        self.assert_invalid("--preset", "spotfy", words=["--preset: ", "spotfy", "did you mean spotify"])
        self.assert_invalid("--preset", "zzzzzzzz", words=["zzzzzzzz", "--presets"])

    def test_a_preset_that_exists_is_replaced_only_when_asked(self):
        self.assertEqual(self.run_program("export", "--save-preset", "mine", "--loudness", "-9").status, DONE)
        run = self.run_program("export", "--save-preset", "mine", "--loudness", "-8")
        self.assertEqual(run.status, EXISTS, run)
        self.assert_words(run.err, ["mine", "--overwrite"])
        self.assertNotIn("--name", run.err)
        run = self.run_program("export", "--save-preset", "mine", "--loudness", "-8", "--overwrite")
        self.assertEqual(run.status, DONE, run)

    def test_a_field_of_the_name_is_told_with_the_nearest_one(self):
        self.assert_invalid("--name", "{titel}", words=["titel", "did you mean {title}"])

    def test_a_brace_without_its_other_half_is_told_with_its_place(self):
        self.assert_invalid("--name", "{title", words=["{", "1"])

    def test_a_field_that_is_not_set_is_named(self):
        self.assert_invalid("--name", "{artist} - {input}", words=["mix.wav", "artist"])

    def test_a_name_that_climbs_is_refused(self):
        for name in ("../{input}", "/tmp/{input}", "a/../../{input}"):
            self.assert_invalid("--name", name, words=["name"])

    def test_a_template_of_tags_is_named(self):
        self.assert_invalid("--template", "hause", words=["hause", "electronic"], status=NOT_FOUND)

    def test_a_format_is_told_with_those_there_are(self):
        self.assert_invalid("-f", "falc", words=["falc", "flac"])


    def test_a_command_is_told_with_the_nearest_one_or_with_all(self):
        for given, words in ((["frob"], ["no command \"frob\"", "export"]), (["exprot"], ["exprot", "did you mean export?"]),
                             ([], ["no command", "export"])):
            run = self.run_program(*given)
            self.assertEqual(run.status, INVALID, run)
            self.assert_words(run.err, words)


class Help(RequestTest):
    def test_shows_options_as_they_are_typed(self):
        text = self.run_program("export", "--help").out.decode()
        self.assertIn("--normalize,--no-normalize ", text)
        self.assertIn("-j,--jobs N ", text)
        self.assertIn("8 to 320", text)
        self.assertNotRegex(text, r"\{false\}|:INT")

    def test_a_quality_is_taken_as_it_is_shown(self):
        file = self.export_one("mix.wav", "-f", "mp3", "--vbr", "V2")
        self.assertIn("V2", file["encoder"])


class Schema(RequestTest):
    GUIDE = pathlib.Path(__file__).parents[2] / "docs/user-guide/export.md"

    def keys(self, schema, path=""):
        """(key, option) of each value that may be set."""
        for name, entry in schema["properties"].items():
            if "properties" in entry:
                yield from self.keys(entry, f"{path}{name}.")
            else:
                yield path + name, entry.get("x-option", "")

    def test_has_the_keys_that_the_guide_lists_each_with_its_option(self):
        run = self.run_program("export", "--schema")
        self.assertEqual(run.status, DONE, run)
        section = self.GUIDE.read_text(encoding="utf-8").split("### Configuration")[1].split("\n## ")[0]
        told = dict(re.findall(r"\| `([\w.]+)` \| `?([-\w ]+)", section))
        keys = dict(self.keys(run.json))
        self.assertEqual(set(told), set(keys))
        for key, option in keys.items():
            if option:
                self.assertIn(told[key], re.split(r",!?", option))

    def test_every_genre_of_the_guide_is_a_template_and_the_other_way_round(self):
        genres = re.search(r"The genres of `--template` are (.*?)\.", self.GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        run = self.run_program("export", "mix.wav", "--template", "none-such", "-o", self.out)
        known = re.search(r"choose one of (.*)", run.err)[1].split(", ")
        self.assertEqual(["empty", "minimal", "full", *re.findall(r"`([\w-]+)`", genres[1])], known)


class FullOutput(RequestTest):
    """Standard output that takes nothing more."""

    def test_is_an_error_of_the_system_whatever_was_to_be_printed(self):
        for arguments in (["--help"], ["export", "mix.wav", "--json"], ["export", "mix.wav", "--dry-run"], ["export", "mix.wav"]):
            with self.subTest(arguments):
                out = [] if arguments == ["--help"] else ["-o", self.out, "--overwrite"]
                run = self.run_program(*arguments, *out, prefix=("sh", "-c", 'exec "$@" >/dev/full', "sh"))
                self.assertEqual(run.status, IO, run)
                self.assert_words(run.err, ["dubplate: ", "standard output"])


class BrokenFiles(RequestTest):
    def test_an_unknown_key_in_tags_is_told_with_the_place_for_ones_own(self):
        self.write("tags.json", json.dumps({"titel": "Night Drive"}))
        self.assert_invalid("--tags", "tags.json", words=["tags.json", "titel", "custom"])

    def test_a_nested_value_in_tags_is_refused_with_its_path(self):
        self.write("tags.json", json.dumps({"title": ["a", "b"]}))
        self.assert_invalid("--tags", "tags.json", words=["tags.json", "title"])

    def test_a_tag_that_breaks_its_rule_is_named_with_the_rule(self):
        self.assert_invalid("--tag", "bpm=9000", words=["bpm", "9000", "20 to 400"])
        self.assert_invalid("--tag", "isrc=short", words=["isrc", "short"])
        self.assert_invalid("--tag", "year=someday", words=["someday"])
        self.assert_invalid("--tag", "title", words=["title", "="])

    def test_broken_json_is_told_with_its_line(self):
        self.write("tags.json", '{\n  "title": "A",\n  "artist" "B"\n}\n')
        self.assert_invalid("--tags", "tags.json", words=["tags.json", "line 3"], status=CORRUPT)

    def test_json_that_is_no_object_is_refused(self):
        self.write("tags.json", "[1, 2]")
        self.assert_invalid("--tags", "tags.json", words=["tags.json", "object"])

    def test_json_that_nests_without_end_is_refused(self):
        self.write("tags.json", '{"title":' * 100_000)
        self.assert_invalid("--tags", "tags.json", words=["tags.json", "deeper"], status=LIMIT)

    def test_an_unknown_key_in_toml_is_told_with_the_nearest_one(self):
        self.write("mix.toml", "formats = ['flac']\n[loudness]\ntarget_luf = -14\n")
        self.assert_invalid("--config", "mix.toml", words=["mix.toml", "loudness.target_luf", "target_lufs"])

    def test_a_value_out_of_range_in_toml_is_told_with_its_path(self):
        self.write("mix.toml", "[mp3]\nbitrate_kbps = 500\n")
        self.assert_invalid("--config", "mix.toml", words=["mp3.bitrate_kbps", "500", "320"])

    def test_a_value_of_the_wrong_type_in_toml_is_told_with_its_path(self):
        for line in ("sample_rate_hz = 'high'", "formats = 'flac'", "sample_rate_hz = 2026-11-21", "loudness = 3"):
            self.write("mix.toml", line + "\n")
            self.assert_invalid("--config", "mix.toml", words=[line.split()[0]])

    def test_broken_toml_is_told_with_its_line(self):
        self.write("mix.toml", "name = '{input}'\nformats = [\n")
        self.assert_invalid("--config", "mix.toml", words=["mix.toml", "line"], status=CORRUPT)

    def test_toml_that_nests_without_end_is_refused(self):
        self.write("mix.toml", "a = " + "[" * 100_000)
        self.assert_invalid("--config", "mix.toml", words=["mix.toml"], status=CORRUPT)

    def test_a_missing_file_of_any_option_is_named(self):
        for option in ("--tags", "--config", "--cover", "--split"):
            run = self.assert_invalid(option, "nowhere.x", words=["nowhere.x", "no such file"], status=NOT_FOUND)
            if option == "--split":
                self.assertEqual(run.err.count("nowhere.x"), 1, run)

    def test_a_broken_label_file_is_told_with_its_line(self):
        self.write("labels.txt", "0.0\t0.5\tIntro\n0,5\t0.9\tVerse\n")
        self.assert_invalid("--split", "labels.txt", words=["labels.txt", "line 2"], status=CORRUPT)

    def test_a_region_past_the_end_is_named(self):
        self.write("labels.txt", "0.0\t0.5\tIntro\n0.5\t9\tVerse\n")
        self.assert_invalid("--split", "labels.txt", words=["labels.txt", "verse"])

    def test_a_source_without_markers_is_told(self):
        self.assert_invalid("--split", "markers", words=["mix.wav", "markers"], status=NOT_FOUND)

    def test_a_broken_preset_of_the_user_is_told_and_stops_nothing_else(self):
        presets = self.folder / "config" / "dubplate" / "presets"
        presets.mkdir(parents=True)
        (presets / "mine.json").write_text("{ broken")
        run = self.export("mix.wav")
        self.assert_words(run.err, ["mine.json"])


class HostileCover(RequestTest):
    def assert_cover_refused(self, data, words, statuses=(INVALID, CORRUPT, UNSUPPORTED, LIMIT)):
        self.write("cover.img", data)
        before = support.listing(self.folder)
        run = self.run_program("export", "mix.wav", "-f", "mp3", "--cover", "cover.img", "-o", self.out, "--json")
        self.assertIn(run.status, statuses, run)
        self.assert_words(run.json["error"]["message"], ["cover.img", *words])
        self.assert_words(run.err, ["cover.img", *words])
        self.assertEqual(support.listing(self.folder), before)

    def test_a_png_of_two_to_the_31_pixels(self):
        self.assert_cover_refused(make_audio.png(1 << 16, 1 << 15), ["65536 x 32768 pixels"])
        self.assert_cover_refused(make_audio.png((1 << 31) - 1, (1 << 31) - 1), ["pixels"])

    def test_a_png_without_pixels(self):
        self.assert_cover_refused(make_audio.png(0, 10), ["0 x 10 pixels"])

    def test_a_gif(self):
        self.assert_cover_refused(b"GIF89a" + b"\1\0\1\0\0\0\0;", ["JPEG", "PNG"])

    def test_a_truncated_jpeg(self):
        support.ffmpeg("-f", "lavfi", "-i", "color=c=navy:s=64x64:d=1", "-frames:v", "1", self.folder / "cover.jpg")
        whole = (self.folder / "cover.jpg").read_bytes()
        for length in (3, 20, len(whole) // 2):
            self.assert_cover_refused(whole[:length], [])

    def test_100_mb_of_zeros(self):
        with open(self.folder / "zeros.png", "wb") as file:
            file.truncate(100_000_000)
        self.assert_invalid("--cover", "zeros.png", words=["zeros.png"], status=LIMIT)

    def test_an_empty_file_and_a_text(self):
        self.assert_cover_refused(b"", [])
        self.assert_cover_refused(b"a picture of a cat", ["JPEG", "PNG"])

    def test_a_device_that_never_ends(self):
        self.assert_refused("mix.wav", "--cover", "/dev/zero", status=UNSUPPORTED, words=["/dev/zero", "device"], timeout=20)


class HostileTags(RequestTest):
    """The source's own tags: what cannot be kept is left out or cleaned, and the audio is delivered."""

    HUGE = b"A" * (20 << 20)
    BINARY = bytes(range(256)) * 8
    NOT_UTF_8 = b"\xff\xfe\x80 caf\xe9 \xc3"

    def assert_delivered(self, name, formats="wav,aiff,flac,mp3"):
        run = self.run_program("export", name, "-f", formats, "-o", self.out, "--json", "--overwrite")
        self.assertEqual(run.status, DONE, f"{run}"[:4000])
        for file in run.files:
            self.assertEqual(file["frames"], 44100)
            for tag in file["tags"]:
                self.assertTrue(tag["passed"], tag)
                self.assertNotIn("\0", tag["found"])
            support.ffprobe(file["path"])
        return run

    def test_id3v2_in_mp3(self):
        support.ffmpeg("-i", self.folder / "mix.wav", "-b:a", "128k", "-map_metadata", "-1", "-id3v2_version", "0",
                       self.folder / "plain.mp3")
        plain = (self.folder / "plain.mp3").read_bytes()
        for case, frames in self.id3_cases().items():
            with self.subTest(case):
                self.write("hostile.mp3", frames + plain)
                self.assert_delivered("hostile.mp3", "wav,flac")

    def test_id3v2_in_wav(self):
        for case, tag in self.id3_cases().items():
            with self.subTest(case):
                self.write("hostile.wav", make_audio.wav(make_audio.sine(1), after=make_audio.chunk(b"ID3 ", tag)))
                self.assert_delivered("hostile.wav", "wav,mp3")

    def id3_cases(self):
        good = make_audio.id3v2([(b"TIT2", b"\3Title")])
        return {
            "huge": make_audio.id3v2([(b"TIT2", b"\3" + self.HUGE)]),
            "binary": make_audio.id3v2([(b"TIT2", b"\3" + self.BINARY), (b"TPE1", b"\0" + self.BINARY)]),
            "not UTF-8": make_audio.id3v2([(b"TIT2", b"\3" + self.NOT_UTF_8), (b"TXXX", b"\3" + self.NOT_UTF_8)]),
            "odd UTF-16": make_audio.id3v2([(b"TIT2", b"\1\xff\xfeA\0\xd8")]),
            "a frame larger than the tag": good[:10] + b"TIT2\x0f\x7f\x7f\x7f\0\0\3Title",
            "an unknown encoding": make_audio.id3v2([(b"TIT2", b"\x09Title"), (b"APIC", b"\x09"), (b"COMM", b"\1")]),
            "a thousand frames": make_audio.id3v2([(b"TXXX", b"\3key%d\0value" % i) for i in range(1000)]),
            "a picture that is none": make_audio.id3v2([(b"APIC", b"\0image/png\0\3\0" + self.BINARY)]),
        }

    def test_list_info_in_wav(self):
        cases = {
            "huge": make_audio.info_chunk({b"INAM": self.HUGE}),
            "binary": make_audio.info_chunk({b"INAM": self.BINARY, b"IART": b"\0\0\0"}),
            "not UTF-8": make_audio.info_chunk({b"INAM": self.NOT_UTF_8}),
            "a field larger than the list": make_audio.chunk(b"LIST", b"INFOINAM\xff\xff\xff\x7fTitle"),
            "nothing but the type": make_audio.chunk(b"LIST", b"INFO"),
            "cut off": make_audio.chunk(b"LIST", b"IN"),
        }
        for case, info in cases.items():
            with self.subTest(case):
                self.write("hostile.wav", make_audio.wav(make_audio.sine(1), before=info))
                self.assert_delivered("hostile.wav", "wav,aiff")

    def test_vorbis_comments_in_flac(self):
        self.export("mix.wav", "-f", "flac", "-o", "plain.flac")
        plain = (self.folder / "plain.flac").read_bytes()
        comments = make_audio.vorbis_comment
        cases = {
            "large": comments([b"TITLE=" + b"A" * (15 << 20)]),
            "binary": comments([b"TITLE=" + self.BINARY, b"\0\1\2=value", b"no equals sign", b"="]),
            "not UTF-8": comments([b"TITLE=" + self.NOT_UTF_8]),
            "four billion of them": comments([b"TITLE=T"])[:8] + b"\xff\xff\xff\xff" + b"\x07\0\0\0TITLE=T",
            "a comment larger than the block": comments([])[:8] + b"\1\0\0\0" + struct.pack("<I", 0xFFFFFFF0) + b"TITLE=T",
            "a vendor larger than the block": struct.pack("<I", 0xFFFFFFF0) + b"vendor",
        }
        for case, body in cases.items():
            with self.subTest(case):
                self.write("hostile.flac", make_audio.flac_with_block(plain, 4, body))
                self.assert_delivered("hostile.flac", "wav,flac")

    def test_a_picture_block_that_lies(self):
        self.export("mix.wav", "-f", "flac", "-o", "plain.flac")
        plain = (self.folder / "plain.flac").read_bytes()
        body = struct.pack(">II", 3, 9) + b"image/png" + struct.pack(">IIIIII", 0, 1, 1, 24, 0, 0xFFFFFFF0) + b"PNG"
        self.write("hostile.flac", make_audio.flac_with_block(plain, 6, body))
        self.assert_delivered("hostile.flac", "flac,mp3")

    def test_tags_of_the_command_line_are_cleaned_or_refused(self):
        for value in (b"a\0b"[:1] + b"\x1b[31m", self.NOT_UTF_8, b"A" * 100_000, b"line\nline"):
            arguments = [b"--tag", b"title=" + value]
            run = self.run_program("export", "mix.wav", *arguments, "-f", "flac,mp3", "-o", self.out, "--json", "--overwrite")
            self.assertIn(run.status, (DONE, INVALID), run)
            run.json
            self.assertNotIn("\x1b", run.err)
            if run.status == DONE:
                support.ffprobe(run.files[0]["path"])
                os.unlink(run.files[0]["path"])


if __name__ == "__main__":
    unittest.main()
