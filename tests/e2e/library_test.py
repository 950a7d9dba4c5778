"""The library as a user meets it: verbs, JSON, mistakes, interruptions, damaged catalogs."""
import json
import math
import os
import signal
import sqlite3
import struct
import subprocess
import time
import unittest
import wave

from support import CANCELED, CORRUPT, DONE, EXISTS, INVALID, NOT_FOUND, PROGRAM, UNSUPPORTED, ProgramTest, environment, run_tool


class Library(ProgramTest):
    def setUp(self):
        super().setUp()
        self.catalog = self.folder / "catalog.db"

    def library(self, *arguments, status=DONE):
        """`dubplate library ... --json`, with one JSON document on standard output."""
        run = self.run_program("library", *arguments, "--json", DUBPLATE_LIBRARY=str(self.catalog), XDG_DATA_HOME=str(self.folder / "data"))
        self.assertEqual(run.status, status, run)
        return run.json

    def tone(self, name, frames=8000, level=1000):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"".join((level * (1 if i // 20 % 2 else -1)).to_bytes(2, "little", signed=True) for i in range(frames)))
        return path

    def clicks(self, name, seconds=16, rate=22050):
        """A click each second: by its sound 60 or 120 beats a minute, so that a number in the name may decide."""
        samples = [0] * (seconds * rate)
        for second in range(seconds):
            for i in range(150):
                samples[second * rate + i] = round(28000 * math.exp(-i / 80) * math.sin(i * 0.3))
        path = self.folder / name
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", ""))
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
        return path

    def test_a_folder_is_added_found_edited_and_removed(self):
        for number in range(3):
            self.tone(f"samples/tone {number}.wav", level=1000 + number)
        self.assertEqual(self.library("add", "samples")["summary"]["added"], 3)
        self.assertEqual(self.library("add", "samples")["summary"]["unchanged"], 3)
        found = self.library("find", "tone 1")["items"]
        self.assertEqual([item["title"] for item in found], ["tone 1"])
        self.assertEqual(found[0]["duration_seconds"], 1)
        self.library("edit", found[0]["id"], "bpm=92", "key=8A", "tags=dark")
        for query in (["bpm:90..93"], ["key:A minor"], ["tag:dark"], ["key:Am", "bpm:92", "--sort", "bpm+"]):
            self.assertEqual(self.library("find", *query)["summary"]["assets"], 1, query)
        shown = self.library("show", found[0]["id"][:6])["items"][0]
        self.assertEqual(shown["edits"], {"bpm": "92", "key": "8A"})
        self.library("rm", found[0]["id"])
        self.assertEqual(self.library("list")["summary"]["assets"], 2)
        self.assertTrue((self.folder / "samples/tone 1.wav").exists())
        self.assertEqual(self.library("stats")["summary"]["assets"], 2)
        self.assertGreaterEqual(self.library("history")["summary"]["events"], 6)

    def test_what_was_made_is_listed(self):
        self.library("preferences")
        rows = ("INSERT INTO exports (kind, output_path, file_count, total_size_bytes, manifest, created_at) "
                "VALUES ('pack', '/card', 12, 3456, '{\"a\": 1}', 1700000000000), ('stems', '/stems', 3, 1, '{}', 1700000001000)",
                "INSERT INTO kits (name, description, is_public, created, updated) VALUES ('Night', 'dark', 0, 1, 1)")
        with sqlite3.connect(self.catalog) as database:
            for row in rows:
                database.execute(row)
        exports = self.library("exports")["items"]
        self.assertEqual([item["kind"] for item in exports], ["stems", "pack"])
        self.assertEqual((exports[1]["file_count"], exports[1]["manifest"]), (12, {"a": 1}))
        self.assertEqual(self.library("exports", "--kind", "pack", "--limit", "5")["summary"], {"exports": 1})
        kits = self.library("kits")["items"]
        self.assertEqual([(kit["name"], kit["pads"]) for kit in kits], [("Night", [])])
        self.assertEqual(self.library("generations", "--status", "failed"), {"items": [], "summary": {"generations": 0}})
        for verb, words in (("exports", ("/card", "12 files")), ("kits", ("Night", "dark")), ("generations", ())):
            run = self.run_program("library", verb, DUBPLATE_LIBRARY=str(self.catalog))
            self.assertEqual(run.status, DONE, run)
            for word in words:
                self.assertIn(word, run.out.decode())

    def test_an_export_is_remembered_where_a_library_is_named_or_there(self):
        self.tone("one.wav", frames=16000)
        self.tone("two.wav", frames=16000)
        planned = self.run_program("export", "one.wav", "-f", "flac", "-o", "masters", "--catalog", str(self.catalog), "--dry-run")
        self.assertEqual((planned.status, self.catalog.exists()), (DONE, False))
        made = self.run_program("export", "one.wav", "two.wav", "-f", "flac", "-o", "masters", "--catalog", str(self.catalog))
        self.assertEqual(made.status, DONE, made)
        at_home = {"XDG_DATA_HOME": str(self.folder / "home")}
        made = self.run_program("stems", "one.wav", "two.wav", "-o", "band", **at_home)
        self.assertEqual(made.status, DONE, made)
        self.assertFalse((self.folder / "home").exists())  # none is made for an export alone
        shown = self.library("exports")["items"]
        self.assertEqual([(item["kind"], item["output_path"], item["file_count"]) for item in shown], [("audio", "masters", 2)])
        self.assertEqual(shown[0]["total_size_bytes"], sum(path.stat().st_size for path in (self.folder / "masters").iterdir()))
        self.assertEqual(len(shown[0]["manifest"]["items"]), 2)
        self.assertEqual(self.run_program("library", "add", "one.wav", **at_home).status, DONE)
        made = self.run_program("stems", "one.wav", "two.wav", "-o", "again", **at_home)
        self.assertEqual(made.status, DONE, made)
        listed = self.run_program("library", "exports", "--json", **at_home).json["items"]
        self.assertEqual([item["kind"] for item in listed], ["stems"])

    def test_a_library_that_cannot_be_opened_stops_an_export_only_where_it_was_named(self):
        self.tone("one.wav", frames=16000)
        self.catalog.write_bytes(b"no database at all" * 100)
        made = self.run_program("export", "one.wav", "-f", "wav", "-o", "masters", "--catalog", str(self.catalog))
        self.assertEqual(made.status, CORRUPT, made)
        self.assertFalse((self.folder / "masters").exists())
        home = self.folder / "home" / "dubplate"
        home.mkdir(parents=True)
        (home / "library.db").write_bytes(b"no database at all" * 100)
        made = self.run_program("export", "one.wav", "-f", "wav", "-o", "masters", XDG_DATA_HOME=str(home.parent))
        self.assertEqual(made.status, DONE, made)
        self.assertIn("does not remember this export", made.err)

    def test_preferences_are_shown_and_set(self):
        names = ["sp404_export_format", "sp404_default_organization", "sp404_sanitize_filenames", "sp404_include_metadata",
                 "sp404_export_base_path"]
        shown = self.library("preferences")
        self.assertEqual([item["name"] for item in shown["items"]], names)
        self.assertEqual([item["value"] for item in shown["items"]], ["wav", "flat", True, True, None])
        self.assertTrue(self.library("preferences", "sp404_export_format=aiff", "include_metadata=false")["summary"]["changed"])
        self.assertEqual([item["value"] for item in self.library("preferences")["items"]], ["aiff", "flat", True, False, None])
        wrong = self.library("preferences", "export_fromat=wav", status=INVALID)
        self.assertIn("did you mean", wrong["error"]["hint"])
        self.assertEqual(self.library("preferences")["items"][0]["value"], "aiff")

    def test_a_doubtful_tempo_is_marked_and_one_that_the_user_said_is_not(self):
        self.library("add", self.clicks("a.wav"))
        asset = self.library("list")["items"][0]
        def line():
            run = self.run_program("library", "list", DUBPLATE_LIBRARY=str(self.catalog))
            return next(line for line in run.out.decode().splitlines() if line.startswith(asset["id"]))
        with sqlite3.connect(self.catalog) as database:
            database.execute("UPDATE assets SET bpm_confidence = 0.4")
        self.assertIn(f"{asset['bpm']:.1f}?", line())
        self.library("edit", asset["id"], "bpm=92")
        self.assertNotIn("?", line())
        self.assertIsNone(self.library("show", asset["id"])["items"][0]["bpm_confidence"])

    def test_mistakes_are_told_with_their_place(self):
        self.library("add", self.tone("a.wav"))
        run = self.run_program("library", "find", "bpm:9x..110", DUBPLATE_LIBRARY=str(self.catalog))
        self.assertEqual(run.status, INVALID)
        self.assertIn("dubplate:   bpm:9x..110\ndubplate:       ^~~~~~~\n", run.err)
        self.library("edit", "ffff", "bpm=92", status=NOT_FOUND)
        self.library("edit", "ffff", "bmp=92", status=INVALID)
        self.library("add", "none.wav", status=NOT_FOUND)

    def test_a_catalog_is_made_by_writing_alone(self):
        self.library("list", status=NOT_FOUND)
        self.assertEqual(self.library("add", self.tone("a.wav"), "--dry-run")["summary"]["added"], 1)
        self.assertFalse(self.catalog.exists())

    def test_a_catalog_needs_no_folder_in_its_name(self):
        self.library("add", self.tone("a.wav"), "--facts-only", "--catalog", "o.db")
        self.assertTrue((self.folder / "o.db").exists())

    def test_the_order_of_names_for_one_content_does_not_matter(self):
        heard = {}
        for order in (("a_60bpm.wav", "b_120bpm.wav"), ("b_120bpm.wav", "a_60bpm.wav")):
            catalog = self.folder / (order[0] + ".db")
            for name in order:
                self.library("add", self.clicks(name), "--catalog", catalog)
            heard[order[0]] = self.library("list", "--catalog", catalog)["items"][0]["bpm"]
        self.assertEqual(len(set(heard.values())), 1, heard)

    def test_a_damaged_or_newer_catalog_is_refused_and_kept(self):
        self.catalog.write_bytes(b"SQLite format 3\0" + b"\x55" * 4096)
        before = self.catalog.read_bytes()
        self.library("list", status=CORRUPT)
        self.assertEqual(self.catalog.read_bytes(), before)
        self.catalog.unlink()
        self.library("add", self.tone("a.wav"))
        run_tool("sqlite3", self.catalog, "UPDATE schema_version SET version = 99")
        self.library("list", status=UNSUPPORTED)

    def test_what_was_added_stays_where_it_is_interrupted(self):
        for number in range(150):
            self.tone(f"many/{number}.wav", frames=8000, level=1 + number)
        settings = environment(self.folder, DUBPLATE_LIBRARY=str(self.catalog))
        process = subprocess.Popen([PROGRAM, "library", "add", "many", "--jobs", "1"], env=settings, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertIn(process.returncode, (CANCELED, DONE))
        self.assertEqual(self.library("add", "many")["summary"]["failed"], 0)
        self.assertEqual(self.library("list")["summary"]["assets"], 150)

    def test_the_files_of_jobs_are_stored_moved_and_cleaned(self):
        stored = self.library("files", "store", "job-1", self.tone("a.wav"))["items"][0]
        self.assertRegex(stored["path"], r"^\d{4}/\d\d/\d\d/job-1\.wav$")
        self.library("files", "store", "job-1", self.tone("a.wav"), status=EXISTS)
        self.library("files", "store", "../job", self.tone("a.wav"), status=INVALID)
        self.library("files", "move", "job-1", "../a.wav", status=INVALID)
        moved = self.library("files", "move", "job-1", "archive/a.wav")["items"][0]
        self.assertTrue(os.path.exists(moved["full_path"]))
        self.assertEqual(self.library("files", "stats")["summary"]["file_types"], {"wav": 1})
        self.assertTrue(self.library("clean", "--days", "0")["summary"]["dry_run"])
        self.library("add", moved["full_path"])
        self.library("files", "rm", "job-1", status=EXISTS)
        self.assertEqual(self.library("verify")["summary"]["findings"], 0)
        os.truncate(moved["full_path"], 100)
        self.assertEqual({item["problem"] for item in self.library("verify", status=1)["items"]}, {"changed"})

    def test_every_verb_is_named_and_counted_as_it_is(self):
        run = self.run_program("library", "bogus")
        self.assertEqual(run.status, INVALID)
        self.assertIn('"library bogus"', run.err)
        run = self.run_program("library", "files", "lsit")
        self.assertIn('"library files lsit"', run.err)
        self.assertIn("did you mean list?", run.err)
        self.library("add", self.tone("a.wav"), "--facts-only")
        self.library("files", "store", "job-1", self.tone("b.wav"))
        self.library("clean", "--dry-run", "--apply", status=INVALID)
        settings = dict(DUBPLATE_LIBRARY=str(self.catalog), XDG_DATA_HOME=str(self.folder / "data"))
        run = self.run_program("library", "clean", "--days", "0", **settings)
        self.assertRegex(run.out.decode(), r"would delete (1 file|0 files)\b")

    def test_numbers_are_shown_as_exactly_as_they_mean_something(self):
        asset = self.library("add", self.tone("a.wav", frames=8001), "--facts-only")["items"][0]["id"]
        self.library("edit", asset, "bpm=91.97064897702083")
        run = self.run_program("library", "show", asset, DUBPLATE_LIBRARY=str(self.catalog))
        self.assertRegex(run.out.decode(), r"bpm +91\.97 ")
        self.assertEqual(self.library("show", asset)["items"][0]["bpm"], 91.97064897702083)

    def test_what_cannot_be_written_is_counted_as_failed(self):
        self.library("add", self.tone("a.wav"), "--facts-only")
        other = sqlite3.connect(self.catalog, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        run = self.run_program("library", "add", self.tone("b.wav", level=2), "--facts-only", "--json", DUBPLATE_LIBRARY=str(self.catalog))
        other.close()
        self.assertNotEqual(run.status, DONE)
        self.assertEqual((run.json["summary"]["failed"], run.json["summary"]["added"]), (1, 0))
        self.assertEqual(run.err.count("is locked by another program; waiting"), 1, run.err)
        self.assertEqual(run.err.count("is locked by another program; try again"), 1, run.err)

    def test_new_files_are_added_when_they_are_whole(self):
        (self.folder / "inbox").mkdir()
        settings = environment(self.folder, DUBPLATE_LIBRARY=str(self.catalog))
        process = subprocess.Popen([PROGRAM, "library", "watch", "inbox", "--json"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertIn(b"watching", process.stderr.readline())
        self.tone("inbox/new.wav")
        told = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(process.returncode, DONE)
        self.assertEqual(told["status"], "added")
        self.assertEqual(self.library("find", "new")["summary"]["assets"], 1)

    def test_a_reader_that_has_had_enough_is_no_fault(self):
        self.tone("in/a.wav")
        self.library("add", self.folder / "in", "--facts-only")
        with sqlite3.connect(self.catalog) as catalog:  # more than a pipe holds
            names = [row[1] for row in catalog.execute("PRAGMA table_info(assets)")]
            row = dict(zip(names, catalog.execute("SELECT * FROM assets").fetchone()))
            for number in range(3000):
                row |= {"id": f"{number:016x}", "sha256": f"{number:064x}"}
                catalog.execute(f"INSERT INTO assets ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        run = self.run_program("library", "list", "--catalog", self.catalog, prefix=("sh", "-c", '{ "$@"; echo status $? >&2; } | head -n 2', "sh"))
        self.assertEqual(len(run.out.decode().splitlines()), 2, run)
        self.assertEqual(run.err, "status 0\n")

    def test_tags_go_into_a_copy(self):
        asset = self.library("add", self.tone("a.wav"))["items"][0]["id"]
        self.library("edit", asset, "title=Night Drive", "bpm=92", "key=Am", "tags=dark")
        before = (self.folder / "a.wav").read_bytes()
        self.library("export-tags", "night", "-o", "tagged")
        self.assertEqual((self.folder / "a.wav").read_bytes(), before)
        self.library("add", "tagged", "--facts-only")
        found = self.library("find", "path:" + str(self.folder / "tagged"))["items"][0]
        self.assertEqual((found["title"], found["bpm"], found["key"]), ("Night Drive", 92, "A minor"))
        self.library("export-tags", "night", "-o", "tagged", status=EXISTS)
        run = self.run_program("library", "export-tags", "night", "-o", "tagged", DUBPLATE_LIBRARY=str(self.catalog))
        self.assertNotIn("--name", run.err)
        self.assertIn("--overwrite", run.err)


if __name__ == "__main__":
    unittest.main()
