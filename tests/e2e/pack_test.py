#!/usr/bin/env python3
"""Sampler packs from the command line: what the unit takes, laid out, proven, and every problem named before the work."""
import contextlib
import csv
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import unittest
import zipfile

import make_audio
import support
from support import CANCELED, CORRUPT, DONE, EXISTS, INVALID, IO, LIMIT, NOT_FOUND, SOME_FAILED, UNSUPPORTED, ProgramTest

DRUMS = pathlib.Path("/usr/share/hydrogen/data/drumkits")


class PackTest(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.folder / "in").mkdir()

    def sample(self, name, signal_=None, **options):
        path = self.folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        make_audio.write_wav(path, signal_ or make_audio.noise(0.2, -24, channels=1), **options)
        return path

    def pack(self, *arguments, status=DONE, out=None):
        run = self.run_program("pack", *arguments, "-o", out or self.out, "--json")
        self.assertEqual(run.status, status, run)
        return run.json

    def refused(self, *arguments, status, words, out=None):
        """Fails before the work: says the words and changes nothing."""
        before = support.listing(self.folder)
        run = self.run_program("pack", *arguments, "-o", out or self.out, "--json")
        self.assertEqual(run.status, status, run)
        self.assert_words(run.err + run.out.decode(), words)
        self.assertEqual(support.listing(self.folder), before)
        return run

    def delivered(self, folder=None):
        folder = folder or self.out
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    def kit(self, pads, **more):
        path = self.folder / "kit.json"
        path.write_text(json.dumps({"pads": pads, **more}))
        return path

    def ok(self, manifest):
        self.assertEqual(manifest["summary"]["failed"], 0, manifest)
        for item in manifest["items"]:
            for sample in item["samples"]:
                for file in sample["files"]:
                    for check in file["checks"]:
                        self.assertTrue(check["passed"], check)


class Samples(PackTest):
    def test_are_what_the_unit_takes(self):
        self.sample("a.wav", make_audio.noise(0.5, -24), coding="pcm24")
        self.sample("b.wav", make_audio.noise(0.5, -24, rate=8000, channels=1), coding="float32", rate=8000)
        self.sample("c.wav", make_audio.noise(0.5, -24, rate=192000), rate=192000)
        self.ok(self.pack("in"))
        for name, channels in (("a.wav", 2), ("b.wav", 1), ("c.wav", 2)):
            stream = support.ffprobe(self.out / name)
            self.assertEqual((stream["codec_name"], stream["sample_rate"], stream["channels"], stream["duration_ts"]),
                             ("pcm_s16le", "48000", channels, 24000), name)
            header = (self.out / name).read_bytes()[:44]
            self.assertEqual((header[12:16], header[16:22], header[36:40]),
                             (b"fmt ", struct.pack("<IH", 16, 1), b"data"))

    def test_of_every_format_come_in(self):
        song = sorted(support.SONG_FOLDER.glob("*.ogg"))[0]
        self.sample("s.wav", make_audio.noise(0.5, -24))
        for extension in ("flac", "mp3", "aiff", "m4a"):
            support.ffmpeg("-i", "in/s.wav", f"in/s.{extension}")
        manifest = self.pack("in", song)
        self.ok(manifest)
        self.assertEqual(manifest["summary"]["samples"], 6)
        for name in self.delivered():
            if name.endswith(".wav"):
                self.assertEqual(support.ffprobe(self.out / name)["sample_rate"], "48000")

    def test_that_fit_are_the_same_bytes(self):
        path = self.sample("fits.wav", make_audio.noise(0.5, -24, rate=48000), rate=48000)
        manifest = self.pack("in")
        self.assertEqual(manifest["items"][0]["samples"][0]["method"], "kept")
        self.assertEqual((self.out / "fits.wav").read_bytes(), path.read_bytes())

    def test_that_the_unit_refuses_are_named_and_the_rest_is_delivered(self):
        self.sample("99ms.wav", make_audio.noise(0.099, -24, rate=48000), rate=48000)
        self.sample("100ms.wav", make_audio.noise(0.1, -24, rate=48000), rate=48000)
        self.sample("surround.wav", make_audio.noise(0.5, -24, channels=6))
        (self.folder / "in" / "broken.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(500))
        (self.folder / "in" / "empty.wav").write_bytes(b"")
        manifest = self.pack("in", status=SOME_FAILED)
        errors = {os.path.basename(item["input"]): item for item in manifest["items"] if item["error"]}
        self.assertEqual(sorted(errors), ["99ms.wav", "broken.m4a", "empty.wav", "surround.wav"])
        self.assertIn("99 ms long, the Roland SP-404MKII needs 100 ms", errors["99ms.wav"]["error"]["message"])
        self.assertFalse(errors["99ms.wav"]["validation"]["meets_duration_requirement"])
        self.assertFalse(errors["broken.m4a"]["validation"]["file_readable"])
        self.assertIn("6 channels", errors["surround.wav"]["error"]["message"])
        self.assertEqual(self.delivered(), ["100ms.wav", "manifest.json"])
        run = self.run_program("pack", "in", "--dry-run", "-o", "elsewhere")
        self.assertEqual(run.status, SOME_FAILED)
        self.assert_words(run.err, ["99ms.wav", "use --pad-short", "6 channels"])
        self.assertFalse((self.folder / "elsewhere").exists())

    def test_an_archive_is_no_sample(self):
        with zipfile.ZipFile("in/bomb.wav", "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("zeros", bytes(50_000_000))
        self.refused("in/bomb.wav", status=UNSUPPORTED, words=["bomb.wav"])

    def test_longer_than_the_unit_holds_are_refused(self):
        make_audio.write_long_wav(self.folder / "in" / "long.wav", 961)
        self.refused("in/long.wav", status=UNSUPPORTED, words=["16:01", "the Roland SP-404MKII holds 16:00"])

    def test_every_drum_of_a_collection_comes_out(self):
        if not DRUMS.is_dir():
            support.skip(self, "the package hydrogen-drumkits is not installed")
        manifest = self.pack(DRUMS, "--pad-short", "--organize", "flat")
        self.ok(manifest)
        self.assertGreater(manifest["summary"]["samples"], 400)
        names = [name.lower() for name in self.delivered()]
        self.assertEqual(len(names), len(set(names)))


class Names(PackTest):
    def test_are_safe_unique_and_written_down(self):
        self.sample("1/Sick Beat (2024).wav")
        self.sample("2/sick_beat  2024.wav")
        self.sample("3/Caf\u00e9 \U0001F941.wav")
        self.pack("in", "--rename-table", "names.csv")
        self.assertEqual(self.delivered(), ["Cafe.wav", "Sick_Beat_2024.wav", "manifest.json", "sick_beat_2024_2.wav"])
        with open("names.csv", newline="", encoding="utf-8") as table:
            rows = {pathlib.Path(row["sample"]).name: row["delivered"] for row in csv.DictReader(table)}
        self.assertEqual(rows["Caf\u00e9 \U0001F941.wav"], "Cafe.wav")
        before = support.listing(self.out)
        self.pack("in", "--overwrite")
        self.assertEqual(support.listing(self.out), before)

    def test_folders_follow_tags_or_what_is_heard(self):
        self.sample("a.wav")
        for name, genre, bpm in (("house", "House", "124"), ("slow", "Dub", "65")):
            support.ffmpeg("-i", "in/a.wav", "-metadata", f"genre={genre}", "-metadata", f"TBPM={bpm}", f"in/{name}.flac")
            support.run_tool("metaflac", f"--set-tag=BPM={bpm}", f"in/{name}.flac")
        os.remove("in/a.wav")
        self.pack("in", "--organize", "bpm", out=self.folder / "bpm")
        self.assertEqual(self.delivered(self.folder / "bpm"), ["110-130/house.wav", "manifest.json", "slow/slow.wav"])
        self.pack("in", "--organize", "bpm", "--bpm-ranges", "60,100", out=self.folder / "own")
        self.assertEqual(self.delivered(self.folder / "own"), ["60-100/slow.wav", "fast/house.wav", "manifest.json"])
        self.pack("in", "--organize", "genre", "--metadata", out=self.folder / "genre")
        self.assertEqual(self.delivered(self.folder / "genre"),
                         ["Dub/slow.wav", "Dub/slow_metadata.txt", "House/house.wav", "House/house_metadata.txt",
                          "manifest.json"])
        sheet = (self.folder / "genre/House/house_metadata.txt").read_text()
        self.assert_words(sheet, ["genre: house", "bpm: 124", "original sample rate: 44100 hz", "key: unknown"])


class Kits(PackTest):
    def test_a_project_has_what_the_kit_says(self):
        self.sample("kick.wav", make_audio.noise(0.3, -24, channels=1))
        self.sample("loop.wav", make_audio.noise(0.5, -24))
        kit = self.kit([{"pad": "A1", "sample": "in/kick.wav", "level": 100, "pan": -10},
                        {"pad": "B16", "sample": "in/loop.wav", "loop": True, "mute_group": 3, "bpm": 92},
                        {"pad": "J2", "sample": "in/kick.wav", "reverse": True}], kit="Night", bpm=92)
        manifest = self.pack(kit, "--preview", "--project", "7")
        self.ok(manifest)
        self.assertTrue(all(check["passed"] for check in manifest["project"]), manifest["project"])
        table = (self.out / "PROJECT_07/PADCONF.BIN").read_bytes()
        self.assertEqual((len(table), table[:4], table[0x80:0x85]), (52000, b"RFPD", b"Night"))
        first = struct.unpack(">4I", table[0xA0:0xB0])
        smp = (self.out / "PROJECT_07/SMPL/BANK1-01.SMP").read_bytes()
        self.assertEqual(first, (len(smp), 512, len(smp), 100))
        self.assertEqual((smp[:4], smp[32:48]), (b"RFWV", hashlib.md5(smp[4:20]).digest()))
        shown = self.run_program("pack", "--inspect", self.out, "--json").json
        self.assertEqual([pad["pad"] for pad in shown["items"]], ["A01", "B16", "J02"])
        self.assertTrue(shown["items"][1]["loop"])
        self.assertEqual(shown["summary"]["bpm"], 92)
        self.assertTrue((self.out / "preview/bank_B.svg").exists())
        support.run_tool("xmllint", "--noout", self.out / "preview/bank_A.svg")

    def test_a_kit_is_proposed_from_a_folder_and_can_be_packed(self):
        for name in ("Kick 1.wav", "snare.wav", "HH closed.wav", "hat_open.wav"):
            self.sample(name)
        self.sample("break_loop_120.wav", make_audio.noise(2.0, -24))
        run = self.run_program("pack", "--init-kit", "in")
        self.assertEqual(run.status, DONE, run)
        pads = {pad["pad"]: pathlib.Path(pad["sample"]).name for pad in run.json["pads"]}
        self.assertEqual(pads, {"A01": "Kick 1.wav", "A02": "snare.wav", "A03": "HH closed.wav", "A04": "hat_open.wav",
                                "B01": "break_loop_120.wav"})
        self.assertEqual([pad["mute_group"] for pad in run.json["pads"]], [0, 0, 1, 1, 0])
        (self.folder / "proposed.json").write_bytes(run.out)
        self.ok(self.pack("proposed.json"))

    def test_one_file_is_cut_into_pads(self):
        self.sample("break.wav", make_audio.noise(2.0, -24, rate=48000), rate=48000)
        manifest = self.pack("in/break.wav", "--slice", "16")
        self.assertEqual(manifest["summary"]["samples"], 16)
        self.assertEqual(sum(sample["frames"] for sample in manifest["items"][0]["samples"]), 96000)
        self.assertTrue((self.out / "PROJECT_01/SMPL/BANK1-16.SMP").exists())
        clicks = make_audio.joined(*[make_audio.joined(make_audio.noise(0.02, -6, channels=1),
                                                       make_audio.silence(0.48, channels=1)) for _ in range(16)])
        self.sample("clicks.wav", clicks)
        cut = self.pack("in/clicks.wav", "--slice", "onsets", out=self.folder / "onsets")
        self.assertEqual(cut["summary"]["samples"], 16)
        beats = self.pack("in/clicks.wav", "--slice", "beats", out=self.folder / "beats")
        self.assertIn(beats["summary"]["samples"], range(14, 18))

    def test_what_does_not_fit_the_pads_is_said_before_the_work(self):
        self.sample("a.wav")
        cases = [([{"pad": "A17", "sample": "in/a.wav"}], ["pads[0].pad", "a17"]),
                 ([{"pad": "K1", "sample": "in/a.wav"}], ["pads[0].pad", "k1"]),
                 ([{"pad": "A1", "sample": "in/a.wav"}, {"pad": "a1", "sample": "in/a.wav"}], ["a01 is taken"]),
                 ([{"pad": "A1", "sample": "in/a.wav", "vol": 3}], ["vol"])]
        for pads, words in cases:
            self.refused(self.kit(pads), status=INVALID, words=words)
        for i in range(170):
            os.link("in/a.wav", f"in/{i}.wav")
        self.refused("in", "--organize", "kit", status=LIMIT, words=["171 samples", "160 pads"])

    def test_the_older_sampler_has_its_own_card(self):
        self.sample("a.wav", make_audio.noise(0.5, -24), rate=48000)
        manifest = self.pack("in", "--device", "sp404sx", "--organize", "kit")
        self.ok(manifest)
        card = self.out / "ROLAND/SP-404SX/SMPL"
        self.assertEqual(len((card / "PAD_INFO.BIN").read_bytes()), 3840)
        stream = support.ffprobe(card / "A0000001.WAV")
        self.assertEqual((stream["sample_rate"], stream["codec_name"]), ("44100", "pcm_s16le"))
        self.assertEqual((card / "A0000001.WAV").read_bytes().find(b"data"), 504)

    def test_older_and_damaged_projects_are_named(self):
        self.sample("a.wav")
        self.pack("in", "--organize", "kit")
        table = self.out / "PROJECT_01/PADCONF.BIN"
        whole = table.read_bytes()
        table.write_bytes(whole[:8] + b"\2\0\0\0" + whole[12:31488])
        run = self.run_program("pack", "--inspect", self.out)
        self.assertEqual(run.status, UNSUPPORTED, run)
        table.write_bytes(whole[:1000])
        self.assertEqual(self.run_program("pack", "--inspect", self.out).status, CORRUPT)
        table.write_bytes(whole)
        sample = self.out / "PROJECT_01/SMPL/BANK1-01.SMP"
        sample.write_bytes(sample.read_bytes()[:-2])
        run = self.run_program("pack", "--inspect", self.out, "--json")
        self.assertEqual(run.status, SOME_FAILED, run)
        self.assertNotEqual(run.json["items"][0]["status"], "ok")
        self.assertEqual(self.run_program("pack", "--inspect", self.folder / "in").status, NOT_FOUND)


    def test_pictures_become_those_of_the_screen(self):
        self.sample("a.wav")
        support.ffmpeg("-f", "lavfi", "-i", "color=c=white:s=300x150:d=1", "-frames:v", "1", "logo.png")
        self.pack("in", "--organize", "kit", "--startup", "logo.png", "--screen-saver", "logo.png,logo.png")
        pictures = self.out / "PROJECT_01/PICTURE"
        self.assertEqual(self.delivered(pictures), ["screen_saver_1.bmp", "screen_saver_2.bmp", "startup_1.bmp"])
        stream = support.ffprobe_video(pictures / "startup_1.bmp")
        self.assertEqual((stream["codec_name"], stream["width"], stream["height"]), ("bmp", 128, 64))
        self.assertEqual((pictures / "startup_1.bmp").stat().st_size, 1086)
        (self.folder / "no.png").write_bytes(b"no picture")
        self.refused("in", "--organize", "kit", "--startup", "no.png", status=UNSUPPORTED, words=["no.png"],
                     out=self.folder / "other")


class Archives(PackTest):
    def test_are_the_same_bytes_each_time_and_are_verified(self):
        for name in ("b.wav", "a.wav", "c.wav"):
            self.sample(name)
        one, two = self.folder / "one.zip", self.folder / "two.zip"
        self.pack("in", "--organize", "kit", "--jobs", "1", out=one)
        self.pack("in", "--organize", "kit", "--jobs", "4", out=two)
        self.assertEqual(one.read_bytes(), two.read_bytes())
        self.assertEqual([name for name in os.listdir() if name.startswith(".")], [])
        with zipfile.ZipFile(one) as archive:
            self.assertIsNone(archive.testzip())
            self.assertEqual(archive.namelist(), sorted(archive.namelist()))
            manifest = json.loads(archive.read("manifest.json"))
            for file in manifest["files"]:
                self.assertEqual(hashlib.sha256(archive.read(file["path"])).hexdigest(), file["sha256"])
        self.assertEqual(self.run_program("pack", "--verify", one).status, DONE)

    def test_a_changed_pack_is_found_out(self):
        self.sample("a.wav")
        self.sample("b.wav")
        self.pack("in")
        (self.out / "a.wav").write_bytes(b"x" * 100)
        (self.out / "b.wav").unlink()
        (self.out / "new.txt").write_text("x")
        run = self.run_program("pack", "--verify", self.out, "--json")
        self.assertEqual(run.status, SOME_FAILED, run)
        self.assertEqual({item["path"]: item["status"] for item in run.json["items"]},
                         {"a.wav": "changed", "b.wav": "missing", "new.txt": "not in the manifest"})
        (self.out / "manifest.json").write_text(json.dumps({"files": [{"path": "../in/a.wav"}]}))
        self.assertEqual(self.run_program("pack", "--verify", self.out).status, CORRUPT)
        self.assertEqual(self.run_program("pack", "--verify", "in").status, NOT_FOUND)


class Trouble(PackTest):
    def test_what_is_there_is_not_overwritten(self):
        self.sample("a.wav")
        self.pack("in")
        self.refused("in", status=EXISTS, words=["--overwrite"])

    def test_options_without_effect_are_refused(self):
        self.sample("a.wav")
        for option in (["--project", "2"], ["--loudness", "-14"], ["--bpm-ranges", "60,80"], ["--preview"]):
            self.refused("in", *option, status=INVALID, words=["no effect"])
        self.refused(status=INVALID, words=["there are no samples"])
        self.refused("in", "--device", "mpc", status=INVALID, words=["sp404mk2"])

    def test_a_card_that_cannot_be_written_is_an_error(self):
        self.sample("a.wav")
        card = self.folder / "card"
        card.mkdir()
        card.chmod(0o555)
        self.folder.chmod(0o755)
        prefix, program = support.as_nobody(self)
        run = self.run_program("pack", "in", "-o", card / "pack", prefix=prefix, program=program)
        self.assertEqual(run.status, IO, run)
        self.assert_words(run.err, ["card"])

    def test_a_card_that_is_full_is_an_error_before_the_work_and_in_the_middle(self):
        card = self.folder / "card"
        card.mkdir()
        probe = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", card]
        if not shutil.which("unshare") or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
            support.skip(self, "a small tmpfs cannot be mounted here (unshare -m is not permitted)")
        one = self.sample("one.wav", make_audio.noise(5.0, -24))
        for i in range(200):
            os.link(one, f"in/{i}.wav")
        mount = 'mount -t tmpfs -o size=%s tmpfs "$0" || exit 99\n'
        left = '\nstatus=$?\nls -A "$0" >left\nexit $status'
        fill = ('"$@" & program=$!\nwhile kill -0 $program 2>/dev/null && [ -z "$(ls -A "$0")" ]; do :; done\n'
                'head -c 600m /dev/zero >"$0/filler" 2>/dev/null\nwait $program; code=$?\nrm "$0/filler"\n(exit $code)')
        for size, script, words in (("20m", '"$@"', ["needed", "free"]), ("400m", fill, ["no space left"])):
            run = self.run_program("pack", "in", "-o", card / "pack.zip", "--jobs", "1",
                                   prefix=("unshare", "-m", "sh", "-c", mount % size + script + left, card))
            self.assertEqual(run.status, IO, run)
            self.assert_words(run.err, words)
            self.assertEqual((self.folder / "left").read_text(), "")

    def test_ctrl_c_leaves_no_archive(self):
        one = self.sample("one.wav", make_audio.noise(5.0, -24))
        for i in range(100):
            os.link(one, f"in/{i}.wav")
        process = subprocess.Popen([support.PROGRAM, "pack", "in", "-o", "pack.zip", "--jobs", "1"],
                                   stderr=subprocess.PIPE, stdout=subprocess.PIPE,
                                   env=support.environment(self.folder))
        support.wait_until(lambda: support.is_listening(process) and (self.folder / ".pack.zip.part").exists(), process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, CANCELED)
        self.assertEqual(sorted(os.listdir(self.folder)), ["in"])


class FirstUser(PackTest):
    """What somebody met who tried it for the first time."""

    def test_a_pack_never_replaces_its_own_samples(self):
        self.sample("a.wav")
        self.refused("in", "--overwrite", out=self.folder / "in", status=INVALID, words=["is one of the inputs"])

    def test_a_long_name_is_cut_and_told(self):
        self.sample("kick-with-a-long-name--tail.wav")
        manifest = self.pack("in", "--organize", "kit", "--preview")
        self.ok(manifest)
        self.assertIn("name", manifest["items"][0]["samples"][0]["losses"][0]["what"])

    def test_what_is_locked_or_no_number_is_told(self):
        self.sample("s.wav", make_audio.noise(0.5, -24))
        support.ffmpeg("-i", "in/s.wav", "in/s.m4a")
        locked = (self.folder / "in/s.m4a").read_bytes().replace(b"mp4a", b"drms", 1)
        (self.folder / "in/s.m4a").write_bytes(locked)
        self.sample("nan.wav", [[float("nan")] * 20000], coding="float32")
        manifest = self.pack("in", status=SOME_FAILED)
        errors = {os.path.basename(item["input"]): item["error"] for item in manifest["items"]}
        self.assertIn("DRM", errors["s.m4a"]["message"])
        self.assertIn("nan", " ".join(manifest["warnings"]))

    def test_only_what_is_too_short_is_padded(self):
        self.sample("short.wav", make_audio.noise(0.05, -24, rate=48000), rate=48000)
        self.sample("long.wav", make_audio.noise(0.11, -24, rate=48000), rate=48000)
        manifest = self.pack("in", "--pad-short")
        self.assertEqual({sample["name"]: sample["frames"] for item in manifest["items"] for sample in item["samples"]},
                         {"short": 5760, "long": 5280})

    def test_drums_have_no_key(self):
        chord = [sum(column) / 4 for column in zip(*(make_audio.sine(3.0, -12, hz, channels=1)[0]
                                                     for hz in (220, 262, 330)))]
        self.sample("kick.wav", [chord])
        self.sample("pad.wav", [chord])
        manifest = self.pack("in", "--organize", "key")
        paths = {sample["name"]: sample["files"][0]["path"] for item in manifest["items"] for sample in item["samples"]}
        self.assertEqual(paths, {"kick": "unknown_key/kick.wav", "pad": "A_minor/pad.wav"})

    def test_tables_fit_a_terminal_and_plans_tell_of_padding(self):
        self.sample("a very long name of a sample, as those that are sold have them (120 bpm).wav")
        self.sample("short.wav", make_audio.noise(0.05, -24, channels=1))
        plan = self.run_program("pack", "in", "--dry-run", "--pad-short", "-o", self.out)
        self.assert_words(plan.out.decode(), ["with silence to 120 ms", "(120 bpm).wav"])
        done = self.run_program("pack", "in", "--pad-short", "-o", self.out)
        for line in (plan.out + done.out).decode().splitlines():
            self.assertLessEqual(len(line), 120 + len(str(self.out)), line)

    def test_too_many_beats_are_cut_by_choosing_some(self):
        self.sample("song.wav", make_audio.noise(34.0, -24, channels=1))
        self.refused("in/song.wav", "--slice", "160", "--organize", "genre", status=INVALID, words=["no effect"])
        manifest = self.pack("in/song.wav", "--slice", "160", "--slices", "17-32")
        self.assertEqual(manifest["summary"]["samples"], 16)

    def test_a_proposed_kit_is_kept_where_it_is_asked_for(self):
        self.sample("kick.wav")
        (self.folder / "kits").mkdir()
        self.assertEqual(self.run_program("pack", "--init-kit", "in", "-o", "kits/mine.json").status, DONE)
        self.assertEqual(json.loads((self.folder / "kits/mine.json").read_text())["pads"][0]["sample"], "../in/kick.wav")
        self.ok(self.pack("kits/mine.json"))


class History(PackTest):
    def test_a_pack_is_remembered_where_there_is_a_library(self):
        self.sample("a.wav")
        self.sample("b.wav", make_audio.noise(0.05, -24))
        self.pack("in", "--catalog", "library.db", status=SOME_FAILED)
        with contextlib.closing(sqlite3.connect("library.db")) as library:
            packs = library.execute("select export_type, sample_count, organized_by from sp404_exports").fetchall()
            samples = library.execute("select conversion_successful, output_filename from sp404_export_samples "
                                      "order by 1").fetchall()
        self.assertEqual(packs, [("batch", 2, "flat")])
        self.assertEqual(samples, [(0, ""), (1, "a.wav")])


    def test_the_preferences_of_the_library_are_the_defaults(self):
        self.sample("a.wav")
        self.pack("in", "--catalog", "library.db")
        with contextlib.closing(sqlite3.connect("library.db")) as library:
            library.execute("insert into preferences values (1, 'aiff', 'genre', 1, 1, NULL)")
            library.commit()
        self.pack("in", "--catalog", "library.db", out=self.folder / "liked")
        self.assertEqual(self.delivered(self.folder / "liked"),
                         ["manifest.json", "unknown_genre/a.aif", "unknown_genre/a_metadata.txt"])
        self.pack("in", "--catalog", "library.db", "--format", "wav", "--organize", "flat", out=self.folder / "asked")
        self.assertIn("a.wav", self.delivered(self.folder / "asked"))


if __name__ == "__main__":
    unittest.main()
