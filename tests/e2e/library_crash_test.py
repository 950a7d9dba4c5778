"""The files of jobs survive SIGKILL in the middle of any work: nothing is lost, nothing is left over, and verify finds nothing wrong.

A process works while it holds the lock of the folder of outputs. It runs in short slices and is looked at between them, so that a busy
machine changes nothing: it is killed behind a random one of the slices that it holds the lock in. Runs that were not do not count.
"""
import collections
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import wave

from support import DONE, PROGRAM, ProgramTest, environment

KILLS = 100
MOST_RUNS = 1500
# What a kill leaves in the journal is half done; between two entries of a cleanup, or before and after one, there is none.
LEAST_HALF_DONE = KILLS // 4
SEED = 20261121
PATIENCE_SECONDS = 60
LONGEST_SLICE_SECONDS = 0.0007
FILES_TO_CLEAN = 4  # fewer are not worth a cleanup
# A move is the shortest, and missed the most.
ACTIONS_BY_WEIGHT = ("store", "store", "copy", "move", "move", "clean")


class LibraryCrash(ProgramTest):
    def setUp(self):
        super().setUp()
        # A killed process loses nothing that it gave to the system: no disk needs to be waited for.
        if os.access("/dev/shm", os.W_OK):
            self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dubplate-e2e-", dir="/dev/shm"))
            self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.random = random.Random(SEED)
        self.settings = environment(self.folder, DUBPLATE_LIBRARY=str(self.folder / "catalog.db"),
                                    AUDIO_OUTPUT_DIR=str(self.folder / "outputs"))
        self.settings.pop("SOURCE_DATE_EPOCH")  # all would be equally old, and of 2025
        self.usual = {}  # slices of each action's work, as the last unkilled run of it had

    def library(self, *arguments):
        return [PROGRAM, "library", *map(str, arguments)]

    def run_whole(self, *arguments):
        process = subprocess.run(self.library(*arguments), capture_output=True, env=self.settings, timeout=60, check=False)
        self.assertEqual(process.returncode, DONE, process.stderr.decode() + process.stdout.decode())
        return process.stdout.decode()

    def holds_the_lock(self, process):
        """Whether the process has the lock of the outputs open. It looks from outside, so that nothing is delayed by it."""
        lock = str(self.folder / "outputs" / ".lock")
        folder = f"/proc/{process.pid}/fd"
        try:
            for name in os.listdir(folder):
                try:
                    if os.readlink(f"{folder}/{name}") == lock:
                        return True
                except FileNotFoundError:  # closed just now
                    continue
        except FileNotFoundError:  # ended
            pass
        return False

    def run_sliced(self, action, arguments):
        """True where it was killed in its work; else it came to its end."""
        process = subprocess.Popen(self.library(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   stdin=subprocess.DEVNULL, env=self.settings)
        # The first of its kind is measured.
        last = self.random.randint(1, self.usual[action]) if action in self.usual else None
        seen = 0
        while True:
            time.sleep(self.random.uniform(0, LONGEST_SLICE_SECONDS))
            process.send_signal(signal.SIGSTOP)
            if not self.is_stopped(process):
                break
            seen += self.holds_the_lock(process)
            if seen == last:
                process.kill()
                process.wait()
                return True
            process.send_signal(signal.SIGCONT)
        self.assertEqual(process.returncode, DONE, arguments)
        self.usual[action] = max(1, seen)
        return False

    def is_stopped(self, process):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                return False
            state = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            if state == "T":
                return True
        self.fail("the process does not stop")

    def source(self, number):
        path = self.folder / "sources" / f"job-{number}.wav"
        path.parent.mkdir(exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(self.random.randbytes(2 * self.random.randrange(800, 500_000)))
        return path

    def contents(self):
        found = {}
        for path in (self.folder / "outputs").rglob("*"):
            if path.is_file() and path.name != ".lock":
                found[path.relative_to(self.folder / "outputs").as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def one_of(self, contents):
        return self.random.choice(sorted(contents))

    def next_work(self, number, contents):
        """An action and the words for it."""
        action = self.random.choice(ACTIONS_BY_WEIGHT)
        if action == "clean" and len(contents) < FILES_TO_CLEAN:
            action = "store"
        if action == "clean":
            return action, ("clean", "--days", "0", "--apply")
        if action == "store":
            return action, ("files", "store", f"job-{number}", self.source(number))
        return action, ("files", action, self.one_of(contents), f"{action}/{number}.wav")

    def test_files_survive_a_hundred_kills(self):
        self.run_whole("files", "store", "kept", self.source("kept"))
        kept = self.one_of(self.contents())
        kept_digest = self.contents()[kept]
        self.run_whole("add", self.folder / "outputs" / kept)
        killed, half_done = collections.Counter(), collections.Counter()
        number = 0
        while killed.total() < KILLS or len(killed) < len(set(ACTIONS_BY_WEIGHT)):
            number += 1
            self.assertLess(number, MOST_RUNS, f"killed in their work: {dict(killed)}")
            before = self.contents()
            action, arguments = self.next_work(number, before)
            in_work = self.run_sliced(action, arguments)
            if in_work:
                killed[action] += 1
                half_done[action] += self.verify()
            after = self.contents()
            self.check(action, not in_work, before, after, arguments)
            self.assertIn(kept_digest, after.values(), "what the library needs is never deleted")
        self.assertEqual(self.verify(), 0)
        print(f"{number} runs, killed in their work: {dict(killed)}, of which half done: {dict(half_done)}")
        self.assertGreaterEqual(half_done.total(), LEAST_HALF_DONE)

    def verify(self):
        """How many entries of the journal it found; there is nothing else to be found."""
        said = json.loads(self.run_whole("verify", "--json"))
        self.assertEqual(said["items"], [])
        return said["summary"]["recovered"]

    def check(self, action, ended, before, after, arguments):
        """Content neither gets lost nor turns into something else."""
        old, new = sorted(before.values()), sorted(after.values())
        if action == "move":
            self.assertEqual(old, new, arguments)
        elif action == "copy":
            copied = sorted([*old, before[arguments[2]]])
            self.assertIn(new, (copied,) if ended else (old, copied), arguments)
        elif action == "store":
            stored = sorted([*old, hashlib.sha256(pathlib.Path(arguments[3]).read_bytes()).hexdigest()])
            self.assertIn(new, (stored,) if ended else (old, stored), arguments)
        else:
            self.assertLessEqual(set(after.items()), set(before.items()), arguments)


if __name__ == "__main__":
    unittest.main()
