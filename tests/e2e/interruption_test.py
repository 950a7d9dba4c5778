#!/usr/bin/env python3
"""Work that is stopped, killed or out of room: nothing unfinished ever bears a final name."""
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

import make_audio
import support
from support import CANCELED, IO, PATIENCE_SECONDS, SLACK_SECONDS, ProgramTest, is_listening, wait_until


class LongExport(ProgramTest):
    """Ten minutes of noise."""

    def setUp(self):
        super().setUp()
        make_audio.write_long_wav(self.folder / "long.wav", 600)

    def start(self, *arguments, prefix=(), stdin=subprocess.DEVNULL):
        process = subprocess.Popen(
            [*prefix, support.PROGRAM, "export", *map(os.fspath, arguments), "-o", self.out, "--json"], cwd=self.folder,
            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=support.environment(self.folder))
        self.addCleanup(process.kill)
        wait_until(lambda: is_listening(process), process)
        return process

    def started_writing(self, process, seconds=0.0):
        wait_until(lambda: self.out.is_dir() and os.listdir(self.out), process)
        time.sleep(seconds)

    def assert_stops(self, process, number):
        began = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        took = time.monotonic() - began
        print(f"{self.id()}: stopped after {took * 1000:.0f} ms", flush=True)
        self.assertLess(took, SLACK_SECONDS)
        self.assertEqual(process.returncode, CANCELED, err)
        self.assertFalse(self.out.exists() and os.listdir(self.out), "files were left")
        self.assertIn(b"canceled", err)
        self.assertNotIn(b"internal", err)
        if out:
            json.loads(out)
        return out


class CtrlC(LongExport):
    def test_while_it_measures(self):
        process = self.start("long.wav", "-f", "mp3")
        time.sleep(0.1)
        self.assert_stops(process, signal.SIGINT)

    def test_while_it_encodes_every_format(self):
        process = self.start("long.wav", "-f", "wav,aiff,flac,mp3")
        self.started_writing(process)
        out = self.assert_stops(process, signal.SIGINT)
        document = json.loads(out)
        self.assertEqual(document["items"][0]["status"], "canceled")

    def test_while_it_encodes_for_a_second_already(self):
        process = self.start("long.wav", "-f", "flac,mp3")
        self.started_writing(process, 1.0)
        self.assert_stops(process, signal.SIGINT)

    def test_while_it_proves(self):
        process = self.start("long.wav", "-f", "wav")
        size = os.path.getsize(self.folder / "long.wav") * 3 // 2

        def is_written():
            parts = [self.out / name for name in os.listdir(self.out)] if self.out.is_dir() else []
            return any(part.exists() and part.stat().st_size >= size for part in parts)
        wait_until(is_written, process)
        self.assert_stops(process, signal.SIGINT)

    def test_while_it_seeks_the_gain_of_the_limiter(self):
        process = self.start("long.wav", "-f", "wav", "--loudness", "-8")
        time.sleep(1.5)
        self.assert_stops(process, signal.SIGINT)

    def test_while_it_copies(self):
        process = self.start("long.wav", "-f", "wav", "--no-normalize")
        self.started_writing(process)
        self.assert_stops(process, signal.SIGINT)

    def test_while_it_waits_for_standard_input(self):
        process = self.start("-", stdin=subprocess.PIPE)
        time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=SLACK_SECONDS), CANCELED)
        print(f"{self.id()}: stopped after {(time.monotonic() - began) * 1000:.0f} ms", flush=True)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()

    def test_termination_is_the_same(self):
        process = self.start("long.wav", "-f", "flac")
        self.started_writing(process)
        self.assert_stops(process, signal.SIGTERM)

    def test_the_end_of_the_terminal_is_the_same(self):
        process = self.start("long.wav", "-f", "flac,mp3")
        self.started_writing(process)
        self.assert_stops(process, signal.SIGHUP)

    def test_told_twice_that_the_terminal_is_gone_it_still_cleans_up(self):
        process = self.start("long.wav", "-f", "flac,mp3")
        self.started_writing(process)
        process.send_signal(signal.SIGHUP)
        self.assert_stops(process, signal.SIGHUP)

    def test_under_nohup_the_work_goes_on(self):
        make_audio.write_long_wav(self.folder / "short.wav", 5)
        process = self.start("short.wav", "-f", "flac,mp3", prefix=("env", "--ignore-signal=HUP"))
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=PATIENCE_SECONDS)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(sorted(os.listdir(self.out)), ["short.flac", "short.mp3"])

    def test_finished_files_of_a_batch_stay(self):
        make_audio.write_wav(self.folder / "a.wav", make_audio.sine(0.1))
        process = self.start("a.wav", "long.wav", "-f", "mp3", "--jobs", "1")
        wait_until(lambda: (self.out / ".long.mp3.part").exists(), process)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE_SECONDS)
        self.assertEqual(process.returncode, CANCELED)
        self.assertEqual(os.listdir(self.out), ["a.mp3"])
        self.assertEqual([item["status"] for item in json.loads(out)["items"]], ["done", "canceled"])


class Killed(LongExport):
    def test_no_final_name_appears_and_the_next_run_succeeds(self):
        for seconds in (0.0, 0.3, 1.0):
            with self.subTest(f"{seconds} s after the first byte"):
                process = self.start("long.wav", "-f", "flac,mp3")
                self.started_writing(process, seconds)
                process.kill()
                process.communicate()
                self.assertEqual([name for name in os.listdir(self.out) if not name.startswith(".")], [])
        self.export("long.wav", "-f", "flac", "--end", "1")
        self.assertTrue((self.out / "long.flac").exists())
        self.assertNotIn(".long.flac.part", os.listdir(self.out))


class FullDisk(ProgramTest):
    """On a tmpfs in a mount namespace of the test's own."""

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        probe = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", self.disk]
        if not shutil.which("unshare") or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
            support.skip(self, "a small tmpfs cannot be mounted here (unshare -m is not permitted)")
        make_audio.write_wav(self.folder / "mix.wav", make_audio.noise(5))

    def run_on_disk(self, size, script, *arguments):
        """Runs the program through the shell script ("$@" is the program) and then lists the disk on file 'left'."""
        script = f'mount -t tmpfs -o size={size} tmpfs "$0" || exit 99\n{script}\nstatus=$?\nls -A "$0" >left\nexit $status'
        run = self.run_program("export", *arguments, "-o", self.disk, "--json",
                               prefix=("unshare", "-m", "sh", "-c", script, self.disk))
        return run, (self.folder / "left").read_text().split()

    def assert_out_of_room(self, run, words):
        self.assertEqual(run.status, IO, run)
        self.assert_words(run.err, [*words, "--output"])
        self.assertIsInstance(run.json, dict)

    def test_too_little_room_is_seen_before_the_work(self):
        run, left = self.run_on_disk("1m", '"$@"', "mix.wav")
        self.assert_out_of_room(run, ["needed", "free"])
        self.assertEqual(left, [])

    def test_a_disk_that_fills_up_in_the_middle_leaves_nothing(self):
        make_audio.write_wav(self.folder / "mix.wav", make_audio.joined(*[make_audio.noise(2)] * 60))
        for formats in ("wav", "flac", "mp3", "wav,mp3"):
            with self.subTest(formats):
                fill = ('"$@" & program=$!\n'
                        'while kill -0 $program 2>/dev/null && [ -z "$(ls -A "$0")" ]; do :; done\n'
                        'head -c 200m /dev/zero >"$0/filler" 2>/dev/null\nwait $program; code=$?\nrm "$0/filler"\n(exit $code)')
                run, left = self.run_on_disk("64m", fill, "mix.wav", "-f", formats)
                self.assert_out_of_room(run, ["no space left"])
                self.assertEqual(left, [])

    def test_a_report_that_does_not_fit_is_told_and_the_files_stay(self):
        fill = 'head -c 200m /dev/zero >"$0/filler" 2>/dev/null\n"$@"\ncode=$?\nrm "$0/filler"\n(exit $code)'
        script = (f'mount -t tmpfs -o size=64k tmpfs "$0" || exit 99\n{fill}\nstatus=$?\nls -A "$0" >left\nexit $status')
        run = self.run_program("export", "mix.wav", "-f", "mp3", "-o", self.out, "--report", self.disk / "proof.html", "--json",
                               prefix=("unshare", "-m", "sh", "-c", script, self.disk))
        self.assertEqual(run.status, IO, run)
        self.assert_words(run.err, ["proof.html", "no space left"])
        self.assertIsInstance(run.json, dict)
        self.assertEqual(os.listdir(self.out), ["mix.mp3"])
        self.assertEqual((self.folder / "left").read_text(), "")


class FileSizeLimit(ProgramTest):
    def test_a_file_past_the_limit_of_the_shell_leaves_nothing(self):
        make_audio.write_wav(self.folder / "mix.wav", make_audio.noise(5))
        before = support.listing(self.folder)
        run = self.run_program("export", "mix.wav", "-o", self.out, "--json",
                               prefix=("sh", "-c", 'ulimit -f 100; exec "$@"', "sh"))
        self.assertEqual(run.status, IO, run)
        self.assert_words(run.err, ["mix.wav", "too large"])
        self.assertIsInstance(run.json, dict)
        self.assertEqual(support.listing(self.folder), before)


if __name__ == "__main__":
    unittest.main()
