"""three.js with UnrealBloomPass in headless Chromium, on the same scene: time and CPU of its processes for each frame."""
import dataclasses
import functools
import http.server
import json
import os
import pathlib
import queue
import shutil
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
CHROMIUM = ["chromium", "--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
            "--ignore-gpu-blocklist", "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--no-first-run",
            "--disable-extensions", "--disable-dev-shm-usage", "--window-size=1400,900"]
LONGEST_S = 900


@dataclasses.dataclass
class PeerCost:
    wall_ms: float  # for each frame
    cpu_ms: float
    about: str
    mean: float  # of the last picture, 0 to 255: it is not black


def install(root):
    """The peer from npm, as the lock file has it."""
    modules = root / "build/bench/video_peer"
    lock = HERE / "video_peer/package-lock.json"
    if not (modules / "installed.json").is_file() or (modules / "installed.json").read_bytes() != lock.read_bytes():
        modules.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "video_peer" / name, modules / name)
        subprocess.run(["npm", "ci", "--prefix", modules, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], check=True)
        shutil.copy(lock, modules / "installed.json")
    shutil.copy(HERE / "video_peer/index.html", modules / "index.html")
    return modules


def cpu_of_tree(process):
    """CPU seconds of a process and of all below it that still live."""
    parents, seconds = {}, {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = pathlib.Path("/proc", entry, "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended in the meantime
        parents[int(entry)] = int(fields[1])
        seconds[int(entry)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    total = 0.0
    for pid in seconds:
        above = pid
        while above not in (process, 0):
            above = parents.get(above, 0)
        total += seconds[pid] if above == process else 0
    return total


class Page(http.server.SimpleHTTPRequestHandler):
    """Serves the page and its scene, and hands on what the page tells; each answer waits until the runner has looked."""

    def __init__(self, told, scene, *arguments, **named):
        self.told, self.scene = told, scene
        super().__init__(*arguments, **named)

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/scene.json":
            self.answer(self.scene, "application/json")
        else:
            super().do_GET()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        looked = threading.Event()
        self.told.put((self.path.strip("/"), body, looked))
        looked.wait()
        self.answer(b"", "text/plain")

    def log_message(self, *_):
        pass


def run_peer(modules, scene):
    """scene: width, height, fps, bpm, warm, frames, bodies."""
    told = queue.Queue()
    handler = functools.partial(Page, told, json.dumps(scene).encode(), directory=str(modules))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="dubplate-chromium-", ignore_cleanup_errors=True) as profile:
        page = f"http://127.0.0.1:{server.server_port}/index.html"
        browser = subprocess.Popen([*CHROMIUM, f"--user-data-dir={profile}", page], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            marks = []
            for wanted in ("begin", "end"):
                what, body, looked = told.get(timeout=LONGEST_S)
                marks.append((time.perf_counter(), cpu_of_tree(browser.pid)))
                looked.set()
                if what != wanted:
                    raise RuntimeError(f"the peer: {what}: {body}")
        finally:
            browser.terminate()
            browser.wait()
            server.shutdown()
    facts = json.loads(body)
    (wall_a, cpu_a), (wall_b, cpu_b) = marks
    frames = scene["frames"]
    return PeerCost(1000 * (wall_b - wall_a) / frames, 1000 * (cpu_b - cpu_a) / frames,
                    f"three.js r{facts['revision']}, {facts['gl']}", facts["mean"])
