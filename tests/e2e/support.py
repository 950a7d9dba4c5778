"""What the end-to-end tests share: running the program, the tools that judge what it wrote, and scratch folders.

The program is the one that $DUBPLATE names. A tool that is not installed skips the test that asks it, and says so.
"""
import atexit
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ.get("DUBPLATE", "")
if not os.access(PROGRAM, os.X_OK):
    sys.exit("$DUBPLATE must name the program to be tested")

# Of the package frozen-bubble-data, which scripts/setup installs.
SONG_FOLDER = pathlib.Path("/usr/share/games/frozen-bubble/snd")

# The statuses that the program promises (src/core/result.h).
DONE, SOME_FAILED, INVALID, NOT_FOUND, EXISTS, IO, CORRUPT, UNSUPPORTED, LIMIT, CANCELED, UNAVAILABLE = range(11)
CODES = {INVALID: "invalid_argument", NOT_FOUND: "not_found", EXISTS: "already_exists", IO: "io",
         CORRUPT: "corrupt", UNSUPPORTED: "unsupported", LIMIT: "limit_exceeded", CANCELED: "canceled",
         UNAVAILABLE: "unavailable"}


class Run:
    """One finished run of the program."""

    def __init__(self, arguments, process):
        self.arguments = [str(argument) for argument in arguments]
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr.decode("utf-8", "strict")

    @property
    def json(self):
        return json.loads(self.out.decode("utf-8", "strict"))

    @property
    def files(self):
        return [file for item in self.json["items"] for file in item["files"]]

    @property
    def file(self):
        files = self.files
        assert len(files) == 1, f"{len(files)} files, and not one"
        return files[0]

    def __str__(self):
        return f"{self.arguments}\nended with {self.status}\n{self.err[:2000]}{self.out[:1500].decode('utf-8', 'replace')}"


def environment(folder, **more):
    """Without the user's own settings, and with a fixed time."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    settings.update(XDG_CONFIG_HOME=str(folder / "config"), SOURCE_DATE_EPOCH="1750000000", LC_ALL="C.UTF-8")
    # Instrumented for coverage, the program complains on standard error where another user may not write its counts.
    settings.update(GCOV_ERROR_FILE="/dev/null")
    settings.update(more)
    return settings


def listing(folder):
    """Everything below the folder, hidden files too: {name: digest of the content}."""
    found = {}
    for place, folders, files in os.walk(os.fsencode(folder)):
        for name in folders:
            found[os.path.join(place, name)] = "folder"
        for name in files:
            path = os.path.join(place, name)
            if os.path.islink(path):
                found[path] = "link to " + os.fsdecode(os.readlink(path))
            else:
                with open(path, "rb") as file:
                    found[path] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


class ProgramTest(unittest.TestCase):
    """Gives each test a folder of its own, `self.folder`, and an output folder in it that is not made yet."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dubplate-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        self.out = self.folder / "out"

    def run_program(self, *arguments, prefix=(), program=PROGRAM, timeout=180, stdin=b"", **settings):
        command = [*prefix, program, *map(os.fspath, arguments)]
        process = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, check=False,
                                 env=environment(self.folder, **settings))
        return Run(command, process)

    def export(self, *arguments, **options):
        """`dubplate export ... --json`, which must succeed with one JSON document on standard output."""
        if "-o" not in arguments:
            arguments = (*arguments, "-o", self.out)
        run = self.run_program("export", *arguments, "--json", **options)
        self.assertEqual(run.status, DONE, run)
        self.assertIn("summary", run.json, run)
        for file in run.files:
            for check in file["checks"] + file["tags"]:
                self.assertTrue(check["passed"], f"{check}\n{run}")
        return run

    def export_one(self, *arguments, **options):
        """The same where one file is made: its entry in the manifest."""
        return self.export(*arguments, **options).file

    def assert_words(self, text, words):
        for word in words:
            self.assertIn(word.lower(), text.lower())

    def assert_refused(self, *arguments, status, words, leaves=None, **options):
        """Ends with the status and its code, says the words, prints one JSON document, and changes no file.

        leaves: the folder that must be the same afterwards; the test's own unless said.
        """
        before = listing(leaves or self.folder)
        if "-o" not in arguments:
            arguments = (*arguments, "-o", self.out)
        run = self.run_program("export", *arguments, "--json", **options)
        self.assertEqual(run.status, status, run)
        document = run.json
        errors = [document["error"]] if "error" in document else [
            entry["error"] for item in document["items"] for entry in (item, *item["files"]) if entry["error"]]
        self.assertTrue(errors, run)
        self.assertEqual(errors[0]["code"], CODES[status], run)
        said = " ".join(" ".join((error["message"], error["hint"])) for error in errors)
        self.assert_words(said, words)
        self.assert_words(run.err, words)
        for line in run.err.splitlines():
            self.assertTrue(line.startswith("dubplate: "), run)
        self.assertEqual(listing(leaves or self.folder), before, run)
        return run


# ---- programs that are stopped ----

# Promised are 200 ms; a loaded machine may need longer to let the program run at all.
SLACK_SECONDS = 2.0
POLL_SECONDS = 0.005
PATIENCE_SECONDS = 30.0


def wait_until(condition, process):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if process.poll() is not None:
            raise AssertionError(f"ended with {process.returncode} before it could be stopped")
        if time.monotonic() > deadline:
            raise AssertionError("what is waited for does not come")
        time.sleep(POLL_SECONDS)


def is_listening(process):
    """Has the program taken over SIGINT? It blocks the signal and waits for it on a thread of its own."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        blocked = next(int(line.split()[1], 16) for line in status if line.startswith("SigBlk"))
    return blocked >> (signal.SIGINT - 1) & 1


# ---- as somebody else ----

@functools.cache
def program_for_everybody():
    """A copy of the program where every user may run it: a checkout may lie below root's own folder."""
    folder = tempfile.mkdtemp(prefix="dubplate-e2e-program-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.chmod(folder, 0o755)
    return shutil.copy(PROGRAM, folder)


def as_nobody(test):
    """What stands before a command, and the program, to run without root's rights."""
    if os.geteuid() != 0:
        return (), PROGRAM
    prefix = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    program = program_for_everybody()
    if not shutil.which("setpriv") or subprocess.run([*prefix, program, "--version"], capture_output=True,
                                                     check=False).returncode != 0:
        skip(test, "root may read and write everything, and here the program cannot be run as another user")
    return prefix, program


def skip(test, reason):
    print(f"skipped {test.id()}: {reason}", file=sys.stderr, flush=True)
    test.skipTest(reason)


# ---- the judges ----

def run_tool(*command, check=True, text=True):
    """Standard output and standard error of a tool together with its status."""
    if not shutil.which(command[0]):
        raise unittest.SkipTest(f"{command[0]} is not installed")
    process = subprocess.run([os.fspath(part) for part in command], capture_output=True, stdin=subprocess.DEVNULL,
                             check=False)
    if check and process.returncode != 0:
        raise AssertionError(f"{command}: {process.stderr.decode('utf-8', 'replace')}")
    return process.stdout.decode("utf-8") if text else process.stdout


def ffmpeg(*arguments):
    return run_tool("ffmpeg", "-nostdin", "-v", "error", "-y", *arguments)


def ffprobe(path):
    """The only audio stream of a file, with the tags of the container under "tags" in lower case."""
    found = json.loads(run_tool("ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", path))
    stream = next(stream for stream in found["streams"] if stream["codec_type"] == "audio")
    tags = {**stream.get("tags", {}), **found["format"].get("tags", {})}
    stream["tags"] = {key.lower(): value for key, value in tags.items()}
    stream["pictures"] = [s for s in found["streams"] if s["codec_type"] == "video"]
    stream["format_name"] = found["format"]["format_name"]
    return stream


def ffprobe_video(path):
    """The one picture of a file."""
    found = json.loads(run_tool("ffprobe", "-v", "error", "-of", "json", "-show_streams", path))
    return next(stream for stream in found["streams"] if stream["codec_type"] == "video")


def samples(path, coding="f64le"):
    """The decoded samples as ffmpeg gives them, interleaved, as bytes."""
    return run_tool("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-f", coding, "-", text=False)


def floats(path):
    import array
    return array.array("d", samples(path))


def frames(path, channels=2):
    return len(samples(path, "s16le")) // (2 * channels)


def ebur128(path):
    """Integrated loudness in LUFS and true peak in dBTP as ffmpeg measures them."""
    process = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", os.fspath(path), "-map", "0:a", "-af",
                              "ebur128=peak=true:framelog=verbose", "-f", "null", "-"], capture_output=True, check=True)
    summary = process.stderr.decode("utf-8", "replace").rsplit("Summary:", 1)[1]
    loudness = re.search(r"I:\s+(\S+) LUFS", summary).group(1)
    peak = re.search(r"Peak:\s+(\S+) dBFS", summary).group(1)
    return float(loudness), float(peak)


def sox_info(path):
    """(rate, channels, bits, frames) as sox sees them."""
    return tuple(int(run_tool("soxi", flag, path)) for flag in ("-r", "-c", "-b", "-s"))


def mediainfo(path):
    found = json.loads(run_tool("mediainfo", "--Output=JSON", path))
    tracks = {track["@type"]: track for track in found["media"]["track"]}
    return tracks["General"], tracks["Audio"]


@functools.cache
def python_with_mutagen():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import mutagen"], capture_output=True, check=False).returncode == 0:
            return python
    return None


def mutagen(path):
    """{tag: [texts]} as mutagen reads them; pictures as their length."""
    if python_with_mutagen() is None:
        raise unittest.SkipTest("mutagen is not installed")
    program = """
import json, sys, mutagen
file = mutagen.File(sys.argv[1])
found = {"": [type(file).__name__]}
for key, value in (file.tags or {}).items():
    data = getattr(value, "data", None)
    found[key] = [str(len(data))] if isinstance(data, bytes) else [str(v) for v in getattr(value, "text", value)]
for picture in getattr(file, "pictures", []): found["picture"] = [str(len(picture.data)), picture.mime]
print(json.dumps(found))
"""
    return json.loads(run_tool(python_with_mutagen(), "-c", program, path))


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def tail(data, count):
    return data[len(data) - count:]
