"""The files of jobs survive SIGKILL at any moment: nothing is lost, nothing is left over, and verify finds nothing wrong."""
import hashlib
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time
import unittest
import wave

from support import DONE, PROGRAM, ProgramTest, environment

ROUNDS = 100
SEED = 20261121


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

    def library(self, *arguments):
        return [PROGRAM, "library", *map(str, arguments)]

    def run_whole(self, *arguments):
        process = subprocess.run(self.library(*arguments), capture_output=True, env=self.settings, timeout=60, check=False)
        self.assertEqual(process.returncode, DONE, process.stderr.decode() + process.stdout.decode())
        return process.stdout.decode()

    def run_killed(self, arguments, seconds):
        """True where it ended by itself before the kill."""
        process = subprocess.Popen(self.library(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   stdin=subprocess.DEVNULL, env=self.settings)
        time.sleep(seconds)
        ended = process.poll() is not None
        process.kill()
        process.wait()
        return ended and process.returncode == DONE

    def source(self, number):
        path = self.folder / "sources" / f"job-{number}.wav"
        path.parent.mkdir(exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(self.random.randbytes(2 * self.random.randrange(800, 200_000)))
        return path

    def contents(self):
        found = {}
        for path in (self.folder / "outputs").rglob("*"):
            if path.is_file() and path.name != ".lock":
                found[path.relative_to(self.folder / "outputs").as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def one_of(self, contents):
        return self.random.choice(sorted(contents))

    def test_files_survive_a_hundred_kills(self):
        begin = time.perf_counter()
        self.run_whole("files", "store", "kept", self.source("kept"))
        usual = time.perf_counter() - begin
        kept = self.one_of(self.contents())
        kept_digest = self.contents()[kept]
        self.run_whole("add", self.folder / "outputs" / kept)
        killed = 0
        for number in range(ROUNDS):
            before = self.contents()
            others = [path for path, digest in before.items() if digest != kept_digest]
            action = self.random.choice(("store", "store", "move", "copy", "clean"))
            if action == "store" or not others:
                source = self.source(number)
                action, arguments = "store", ("files", "store", f"job-{number}", source)
            elif action == "clean":
                arguments = ("clean", "--days", "0", "--apply")
            else:
                arguments = ("files", action, self.one_of(before), f"{action}/{number}.wav")
            ended = self.run_killed(arguments, self.random.uniform(0, 1.2 * usual))
            killed += not ended

            said = self.run_whole("verify")

            self.assertIn("0 findings", said, (number, arguments))
            after = self.contents()
            self.check(action, ended, before, after, arguments)
            self.assertIn(kept_digest, after.values(), "what the library needs is never deleted")
        print(f"{ROUNDS} runs, {killed} of them killed before their end")
        self.assertGreater(killed, ROUNDS // 4)

    def check(self, action, ended, before, after, arguments):
        """Content neither gets lost nor turns into something else."""
        old, new = sorted(before.values()), sorted(after.values())
        if action == "move":
            self.assertEqual(old, new, arguments)
        elif action == "copy":
            self.assertIn(new, (old, sorted([*old, before[arguments[2]]])), arguments)
        elif action == "store":
            digest = hashlib.sha256(pathlib.Path(arguments[3]).read_bytes()).hexdigest()
            self.assertIn(new, (sorted([*old, digest]),) if ended else (old, sorted([*old, digest])), arguments)
        else:
            self.assertLessEqual(set(after.items()), set(before.items()), arguments)


if __name__ == "__main__":
    unittest.main()
