#!/usr/bin/env python3
"""Inputs and names that are missing, damaged, hostile or merely strange, through the command line."""
import math
import os
import pathlib
import socket
import struct
import unittest

import make_audio
import support
from support import CORRUPT, DONE, INVALID, IO, NOT_FOUND, SOME_FAILED, UNSUPPORTED, ProgramTest


class FileThatCannotBeRead(ProgramTest):
    def test_a_missing_file_is_named(self):
        self.assert_refused("no such mix.wav", status=NOT_FOUND, words=["no such mix.wav", "no such file"])

    def test_a_glob_that_matches_nothing_is_named(self):
        self.assert_refused("*.flac", status=NOT_FOUND, words=["*.flac"])

    def test_an_unreadable_file_is_named_with_the_permissions(self):
        prefix, program = support.as_nobody(self)
        path = make_audio.write_wav(self.folder / "secret.wav", make_audio.sine(1))
        path.chmod(0)
        self.folder.chmod(0o777)
        self.assert_refused(path, status=IO, words=["secret.wav", "permission"], prefix=prefix, program=program)

    def test_an_empty_file_is_corrupt(self):
        for name in ("empty.wav", "empty.flac", "empty.mp3"):
            (self.folder / name).write_bytes(b"")
            self.assert_refused(name, status=CORRUPT, words=[name, "empty"])

    def test_an_empty_standard_input_is_corrupt(self):
        self.assert_refused("-", status=CORRUPT, words=["-: is empty"])

    def test_a_folder_without_audio_is_named_with_what_was_looked_for(self):
        (self.folder / "notes").mkdir()
        (self.folder / "notes" / "todo.txt").write_text("mix")
        self.assert_refused("notes", status=NOT_FOUND, words=["notes", "no audio files", "WAV"])

    def test_one_bad_file_does_not_stop_the_others(self):
        make_audio.write_wav(self.folder / "good.wav", make_audio.sine(1))
        (self.folder / "bad.wav").write_bytes(b"")
        run = self.run_program("export", "bad.wav", "missing.wav", "good.wav", "-o", self.out, "--json")
        self.assertEqual(run.status, SOME_FAILED, run)
        self.assertEqual([item["status"] for item in run.json["items"]], ["failed", "failed", "done"])
        self.assertEqual(run.json["summary"]["failed"], 2)
        self.assertEqual(os.listdir(self.out), ["good.wav"])
        self.assert_words(run.err, ["bad.wav", "missing.wav"])


class TruncatedFile(ProgramTest):
    def setUp(self):
        super().setUp()
        self.whole = make_audio.wav(make_audio.noise(3))

    def cut(self, name, data, length):
        (self.folder / name).write_bytes(data[:length])
        return name

    def test_a_wav_cut_in_the_header_is_corrupt_wherever_it_is_cut(self):
        for length in (12, 20, 30, 40):
            self.assert_refused(self.cut("cut.wav", self.whole, length), status=CORRUPT, words=["cut.wav"])

    def test_a_wav_cut_in_the_data_is_delivered_with_a_warning_to_the_last_whole_frame(self):
        run = self.export(self.cut("cut.wav", self.whole, 44 + 44100 * 4 + 3), "-f", "wav")
        self.assertEqual(run.file["frames"], 44100)
        self.assertEqual(support.frames(run.file["path"]), 44100)
        warnings = " ".join(run.json["items"][0]["warnings"])
        self.assert_words(warnings, ["header"])

    def test_a_flac_cut_in_the_header_is_corrupt(self):
        flac = self.encoded("flac")
        for length in (8, 30):
            self.assert_refused(self.cut("cut.flac", flac, length), status=CORRUPT, words=["cut.flac"])

    def test_other_formats_cut_in_the_data_are_delivered_with_a_warning_or_refused(self):
        for extension, options in (("flac", []), ("mp3", ["-b:a", "128k"]), ("ogg", ["-c:a", "libvorbis"]),
                                   ("aiff", ["-c:a", "pcm_s16be"])):
            with self.subTest(extension):
                data = self.encoded(extension, *options)
                path = self.cut(f"cut.{extension}", data, len(data) * 2 // 3)
                run = self.run_program("export", path, "-f", "wav", "-o", extension, "--json")
                self.assertIn(run.status, (DONE, CORRUPT), run)
                if run.status == CORRUPT:
                    self.assertFalse(os.path.exists(extension), run)
                    self.assert_words(run.err, [path])
                else:
                    if extension != "ogg":  # whose header promises no length
                        self.assertTrue(run.json["items"][0]["warnings"], run)
                    self.assertGreater(run.file["frames"], 44100)
                    self.assertLess(run.file["frames"], 3 * 44100)

    def test_an_m4a_without_its_index_is_corrupt(self):
        data = self.encoded("m4a", "-c:a", "aac")
        self.assert_refused(self.cut("cut.m4a", data, len(data) // 2), status=CORRUPT, words=["cut.m4a"])

    def encoded(self, extension, *options):
        (self.folder / "whole.wav").write_bytes(self.whole)
        target = self.folder / f"whole.{extension}"
        support.ffmpeg("-i", self.folder / "whole.wav", *options, target)
        return target.read_bytes()


class LyingHeader(ProgramTest):
    def write(self, data, name="lie.wav"):
        (self.folder / name).write_bytes(data)
        return name

    def with_patch(self, offset, data, **options):
        whole = bytearray(make_audio.wav(make_audio.sine(1), **options))
        whole[offset:offset + len(data)] = data
        return bytes(whole)

    def test_a_data_size_past_the_end_of_the_file_gives_what_is_there(self):
        for size in (0xFFFFFFFF, 0xFFFFFFF0, 44100 * 400):
            run = self.export(self.write(self.with_patch(40, struct.pack("<I", size))), "--overwrite")
            self.assertEqual(run.file["frames"], 44100, hex(size))

    def test_a_chunk_larger_than_the_file_is_no_reason_to_allocate_it(self):
        data = make_audio.wav(make_audio.sine(1), before=b"JUNK\xf0\xff\xff\x7f" + b"\0" * 16)
        self.assert_refused(self.write(data), status=CORRUPT, words=["lie.wav"])

    def test_a_format_chunk_that_is_too_short_or_too_long_is_corrupt(self):
        for size in (0, 4, 0xFFFFFFFF):
            data = self.with_patch(16, struct.pack("<I", size))
            self.assert_refused(self.write(data), status=CORRUPT, words=["lie.wav"])

    def test_a_block_size_that_contradicts_the_samples_is_not_believed(self):
        for block in (0, 1, 0xFFFF):
            data = self.with_patch(32, struct.pack("<H", block))
            run = self.run_program("export", self.write(data), "-o", self.out, "--json", "--overwrite")
            self.assertIn(run.status, (DONE, CORRUPT), run)
            if run.status == DONE:
                self.assertEqual(run.file["frames"], 44100)

    def test_64_bit_sizes_past_the_end_of_the_file_give_what_is_there(self):
        for kind in (b"RF64", b"BW64"):
            lie = struct.pack("<QQQ", 1 << 62, (1 << 63) + 5, (1 << 64) - 1)
            run = self.export(self.write(self.with_patch(20, lie, kind=kind)), "--overwrite")
            self.assertEqual(run.file["frames"], 44100, kind)

    def test_a_flac_that_promises_too_many_frames_is_not_believed(self):
        make_audio.write_wav(self.folder / "tone.wav", make_audio.sine(1))
        self.export("tone.wav", "-f", "flac", "-o", "tone.flac")
        flac = bytearray((self.folder / "tone.flac").read_bytes())
        for promised in (44101, 2 * 44100, 1 << 32, (1 << 36) - 1):
            with self.subTest(promised):
                flac[8 + 13] = flac[8 + 13] & 0xF0 | promised >> 32
                flac[8 + 14:8 + 18] = struct.pack(">I", promised & 0xFFFFFFFF)
                (self.folder / "lie.flac").write_bytes(flac)
                run = self.run_program("export", "lie.flac", "-f", "wav", "-o", self.out, "--json", "--overwrite")
                # Where so much would not fit on the disk, that is seen first.
                self.assertIn(run.status, (DONE, CORRUPT, IO) if promised >= 1 << 32 else (DONE, CORRUPT), run)
                if run.status == DONE:
                    self.assertEqual(run.file["frames"], 44100)
                    self.assertTrue(run.json["items"][0]["warnings"], run)


class SomethingElse(ProgramTest):
    def test_a_picture_renamed_to_wav_is_told_to_be_one(self):
        (self.folder / "mix.wav").write_bytes(make_audio.png())
        self.assert_refused("mix.wav", status=UNSUPPORTED, words=["mix.wav", "PNG picture", "not audio"])

    def test_a_text_renamed_to_wav_is_told_to_be_one(self):
        (self.folder / "mix.wav").write_text("These are my notes on the mix.\n" * 40)
        self.assert_refused("mix.wav", status=UNSUPPORTED, words=["mix.wav", "text", "not audio"])

    def test_random_bytes_are_no_audio(self):
        for seed in range(4):
            noise = make_audio.packed("d", make_audio.noise(0.2, seed=seed)[0])
            (self.folder / "mix.wav").write_bytes(noise)
            self.assert_refused("mix.wav", status=UNSUPPORTED, words=["mix.wav"])

    def test_a_name_does_not_decide_what_a_file_is(self):
        (self.folder / "really.mp3").write_bytes(make_audio.wav(make_audio.sine(1)))
        run = self.export("really.mp3", "-f", "flac")
        self.assertIn("WAV", run.json["items"][0]["source"]["format"])

    def test_playlists_that_point_to_another_file_are_not_followed(self):
        make_audio.write_wav(self.folder / "other.wav", make_audio.sine(1))
        other = self.folder / "other.wav"
        playlists = {
            "list.m3u": f"#EXTM3U\n#EXTINF:1,Other\n{other}\n",
            "plain.m3u": "other.wav\n",
            "list.pls": f"[playlist]\nFile1={other}\nNumberOfEntries=1\nVersion=2\n",
            "list.m3u8": f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{other}\n#EXT-X-ENDLIST\n",
            "list.xspf": f'<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
                         f"<location>file://{other}</location></track></trackList></playlist>",
            "concat.txt": f"ffconcat version 1.0\nfile '{other}'\n",
            "sheet.cue": 'FILE "other.wav" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        }
        for name, text in playlists.items():
            for path in (self.folder / name, (self.folder / name).with_suffix(".wav")):
                with self.subTest(path.name):
                    path.write_text(text)
                    self.assert_refused(path, status=UNSUPPORTED, words=[path.name, "not audio"])

    def test_a_playlist_opens_no_connection(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            address = f"http://127.0.0.1:{server.getsockname()[1]}/segment.ts"
            text = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n"
            (self.folder / "live.wav").write_text(text)
            self.assert_refused("live.wav", status=UNSUPPORTED, words=["playlist"])
            with self.assertRaises(BlockingIOError):
                server.accept()

    def test_an_address_is_no_file(self):
        self.assert_refused("http://127.0.0.1/mix.wav", status=NOT_FOUND, words=["http://127.0.0.1/mix.wav"])


class StrangeNumbers(ProgramTest):
    def write(self, **fields):
        """A WAV header that says anything at all before a second of audio."""
        said = {"tag": 1, "channels": 2, "rate": 44100, "block": 4, "bits": 16, **fields}
        data = struct.pack("<HHIIHH", said["tag"], said["channels"], said["rate"], said["rate"] * said["block"] & 0xFFFFFFFF,
                           said["block"], said["bits"])
        body = b"WAVE" + make_audio.chunk(b"fmt ", data) + make_audio.chunk(b"data", b"\1\0" * 88200)
        (self.folder / "odd.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
        return "odd.wav"

    def assert_no_audio(self, words, **fields):
        name = self.write(**fields)
        before = support.listing(self.folder)
        run = self.run_program("export", name, "-o", self.out, "--json")
        self.assertIn(run.status, (CORRUPT, UNSUPPORTED), run)
        self.assert_words(run.json["items"][0]["error"]["message"], ["odd.wav", *words])
        self.assertEqual(support.listing(self.folder), before)

    def test_0_hz_is_refused(self):
        self.assert_no_audio(["0 Hz"], rate=0)

    def test_4_ghz_is_refused(self):
        self.assert_no_audio(["Hz"], rate=0xFFFFFFFF)

    def test_0_channels_are_refused(self):
        self.assert_no_audio(["0 channels"], channels=0, block=0)

    def test_255_channels_are_refused(self):
        self.assert_no_audio(["255 channels"], channels=255, block=510)

    def test_0_bits_and_a_coding_that_nobody_knows_are_refused(self):
        self.assert_no_audio(["0 bit"], bits=0)
        self.assert_no_audio([], tag=0x4242)

    def test_0_frames_are_refused(self):
        make_audio.write_wav(self.folder / "none.wav", [[], []])
        self.assert_refused("none.wav", status=CORRUPT, words=["none.wav", "0 frames"])

    def test_1_frame_is_delivered_in_every_format(self):
        make_audio.write_wav(self.folder / "click.wav", [[0.25], [0.25]])
        run = self.export("click.wav", "-f", "wav,aiff,flac,mp3")
        for file in run.files:
            with self.subTest(file["format"]):
                self.assertEqual(file["frames"], 1)
        for format_name in ("wav", "aiff", "flac"):
            self.assertEqual(support.frames(self.out / f"click.{format_name}"), 1)
        self.assert_words(run.json["items"][0]["outcome"], ["400 ms"])

    def test_nan_and_infinity_are_counted_and_made_harmless(self):
        signal = [list(channel) for channel in make_audio.sine(1)]
        signal[0][100:103] = [math.nan, math.inf, -math.inf]
        for coding in ("float32", "float64"):
            make_audio.write_wav(self.folder / f"{coding}.wav", signal, coding=coding)
            run = self.export(f"{coding}.wav", "-f", "wav,flac,mp3", "--bit-depth", "24")
            self.assert_words(" ".join(run.json["items"][0]["warnings"]), ["3 samples", "not a number or infinite"])
            for file in run.files:
                self.assertTrue(all(math.isfinite(value) for value in support.floats(file["path"])))
                self.assertLessEqual(file["loudness"]["true_peak_dbtp"], -1)

    def test_nothing_but_nan_is_silence(self):
        make_audio.write_wav(self.folder / "nan.wav", [[math.nan] * 44100] * 2, coding="float32")
        run = self.export("nan.wav", "-f", "wav,flac")
        self.assertEqual(run.json["items"][0]["outcome"], "silent")
        for file in run.files:
            self.assertLess(max(map(abs, support.floats(file["path"]))), 4 * 2 ** -23)  # dither: the source is float

    def test_digital_silence_is_delivered_as_it_is(self):
        make_audio.write_wav(self.folder / "silence.wav", make_audio.silence(1))
        run = self.export("silence.wav", "-f", "wav,flac,mp3")
        self.assertEqual(run.json["items"][0]["outcome"], "silent")
        self.assertIsNone(run.files[0]["loudness"]["integrated_lufs"])
        for file in run.files[:2]:
            self.assertFalse(any(support.floats(file["path"])))

    def test_a_source_above_0_lufs_is_brought_down(self):
        make_audio.write_wav(self.folder / "hot.wav", make_audio.sine(1, level_db=20), coding="float32")
        run = self.export("hot.wav", "-f", "flac,mp3")
        self.assert_words(run.json["items"][0]["outcome"], ["0 LUFS"])
        for file in run.files:
            self.assertAlmostEqual(support.ebur128(file["path"])[0], -16, delta=0.15)

    def test_seven_channels_do_not_fit_an_mp3_and_the_error_says_what_does(self):
        make_audio.write_wav(self.folder / "wide.wav", make_audio.sine(1, channels=6))
        self.assert_refused("wide.wav", "-f", "mp3", status=UNSUPPORTED, words=["6 channels", "MP3", "--channels 2"])


class OutputThatIsTheInput(ProgramTest):
    def setUp(self):
        super().setUp()
        make_audio.write_wav(self.folder / "mix.wav", make_audio.sine(1))

    def assert_protected(self, *arguments):
        for more in ([], ["--overwrite"]):
            self.assert_refused(*arguments, *more, status=INVALID, words=["mix.wav", "one of the inputs", "--output"])

    def test_by_its_name(self):
        self.assert_protected("mix.wav", "-o", "mix.wav")

    def test_by_its_folder(self):
        self.assert_protected("mix.wav", "-o", self.folder)

    def test_through_a_link_to_the_file(self):
        (self.folder / "other.wav").symlink_to("mix.wav")
        self.assert_protected("mix.wav", "-o", "other.wav")
        self.assert_protected("other.wav", "-o", "mix.wav")

    def test_through_a_link_to_the_folder(self):
        (self.folder / "masters").symlink_to(".")
        self.assert_protected("mix.wav", "-o", "masters")

    def test_as_the_input_of_another_file_of_the_batch(self):
        make_audio.write_wav(self.folder / "in" / "a.wav", make_audio.sine(1))
        digest = support.sha256("mix.wav")
        run = self.run_program("export", "in/a.wav", "mix.wav", "--name", "mix", "-o", self.folder, "--overwrite", "--json")
        self.assertEqual(run.status, SOME_FAILED, run)
        self.assert_words(run.err, ["in/a.wav", "mix.wav is one of the inputs"])
        self.assertEqual(support.sha256("mix.wav"), digest)

    def test_through_a_hard_link(self):
        os.link(self.folder / "mix.wav", self.folder / "hard.wav")
        self.assert_refused("mix.wav", "-o", "hard.wav", "--overwrite", status=INVALID, words=["hard.wav", "one of the inputs"])

    def test_through_the_report(self):
        self.assert_refused("mix.wav", "--report", "mix.wav", status=INVALID, words=["--report", ".html"])


class NamesOfFiles(ProgramTest):
    def test_two_inputs_of_the_same_name_give_two_files(self):
        make_audio.write_wav(self.folder / "a" / "mix.wav", make_audio.sine(1))
        make_audio.write_wav(self.folder / "b" / "mix.wav", make_audio.sine(2))
        run = self.export("a/mix.wav", "b/mix.wav", "-f", "wav,flac")
        names = sorted(os.listdir(self.out))
        self.assertEqual(names, ["mix (2).flac", "mix (2).wav", "mix.flac", "mix.wav"])
        self.assertEqual([file["frames"] for file in run.files], [44100, 44100, 88200, 88200])
        self.assertEqual(support.frames(self.out / "mix (2).wav"), 88200)

    def test_names_that_differ_in_case_alone_are_kept_apart(self):
        make_audio.write_wav(self.folder / "a" / "Mix.wav", make_audio.sine(1))
        make_audio.write_wav(self.folder / "b" / "mix.wav", make_audio.sine(1))
        self.export("a/Mix.wav", "b/mix.wav")
        self.assertEqual(len({name.lower() for name in os.listdir(self.out)}), 2)

    def test_an_existing_file_is_not_replaced_unless_told(self):
        make_audio.write_wav(self.folder / "mix.wav", make_audio.sine(1))
        self.out.mkdir()
        (self.out / "mix.flac").write_text("precious")
        self.assert_refused("mix.wav", "-f", "flac", status=support.EXISTS, words=["mix.flac", "exists already", "--overwrite"])
        self.export("mix.wav", "-f", "flac", "--overwrite")
        self.assertTrue((self.out / "mix.flac").read_bytes().startswith(b"fLaC"))

    def test_names_with_anything_in_them_are_read_and_made_safe(self):
        wanted = {
            "🎵 Nacht – Größe.wav": "🎵 Nacht – Größe.flac",
            "it's \"quoted\" `x` $HOME.wav": "it's _quoted_ `x` $HOME.flac",
            "two\nlines\tand\x1b[31mred.wav": "two_lines_andred.flac",
            "-leading dash.wav": "-leading dash.flac",
            "%s%n {title} {{.wav": "%s%n {title} {{.flac",
            "a" * 251 + ".wav": "a" * 250 + ".flac",
            "é" * 125 + ".wav": "é" * 125 + ".flac",
        }
        data = make_audio.wav(make_audio.sine(0.1))
        for name in wanted:
            (self.folder / name).write_bytes(data)
        run = self.export(*(f"./{name}" for name in wanted), "-f", "flac")
        self.assertEqual(sorted(os.listdir(self.out)), sorted(wanted.values()))
        self.assertEqual([item["input"] for item in run.json["items"]], [f"./{name}" for name in wanted])
        human = self.run_program("export", "-f", "flac", "-o", self.out, "--overwrite", "--", *wanted)
        self.assertNotIn(b"\x1b", human.out)

    def test_a_name_that_is_not_utf_8_is_read_and_shown_as_valid_text(self):
        name = os.fsencode(self.folder) + b"/caf\xe9.wav"
        with open(name, "wb") as file:
            file.write(make_audio.wav(make_audio.sine(0.1)))
        run = self.export(name)
        self.assertEqual(len(os.listdir(self.out)), 1)
        os.listdir(self.out)[0].encode("utf-8")
        self.assertEqual(run.file["status"], "done")

    def test_a_tag_never_climbs_out_of_the_output_folder(self):
        make_audio.write_wav(self.folder / "mix.wav", make_audio.sine(0.1))
        self.export("mix.wav", "--tag", "title=../../up", "--tag", "artist=/etc/passwd", "--name", "{artist}/{title}")
        found = [pathlib.Path(os.fsdecode(name)) for name, kind in support.listing(self.out).items() if kind != "folder"]
        self.assertEqual(len(found), 1)
        self.assertEqual(len(found[0].relative_to(self.out).parts), 2)

    def test_a_read_only_folder_is_named_with_the_permissions(self):
        prefix, program = support.as_nobody(self)
        self.folder.chmod(0o755)
        make_audio.write_wav(self.folder / "mix.wav", make_audio.sine(0.1))
        self.out.mkdir(mode=0o555)
        self.assert_refused("mix.wav", "-f", "flac,mp3", status=IO, words=["mix.flac", "permission"], prefix=prefix, program=program)

    def test_an_output_folder_below_a_file_is_refused(self):
        make_audio.write_wav(self.folder / "mix.wav", make_audio.sine(0.1))
        (self.folder / "file").write_text("no folder")
        before = support.listing(self.folder)
        run = self.run_program("export", "mix.wav", "-o", "file/out", "--json")
        self.assertIn(run.status, (NOT_FOUND, IO, INVALID), run)
        self.assertEqual(support.listing(self.folder), before)


if __name__ == "__main__":
    unittest.main()
