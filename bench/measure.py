"""What a command costs: CPU (user + system) and wall time of all its processes, and the largest of their memories."""
import dataclasses
import os
import pathlib
import statistics
import subprocess
import time


@dataclasses.dataclass
class Cost:
    cpu_seconds: float
    wall_seconds: float
    peak_mib: float


class CommandFailed(Exception):
    pass


def run_once(arguments, scratch):
    """Runs one command and returns its Cost and what it wrote to standard output and to standard error.

    A fresh process inherits the peak memory of the one that forked it, here the Python interpreter's. `time` stands
    between the two: it is small, so its figure is that of the command.
    """
    memory_file = pathlib.Path(scratch, "peak_kib")
    with open(pathlib.Path(scratch, "stdout"), "w+b") as out, open(pathlib.Path(scratch, "stderr"), "w+b") as err:
        begin = time.perf_counter()
        child = subprocess.Popen(["/usr/bin/time", "-f", "%M", "-o", str(memory_file), *map(str, arguments)],
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        texts = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    if child.returncode != 0:
        raise CommandFailed(f"{' '.join(map(str, arguments))}\nended with {child.returncode}\n{texts[1][-2000:]}")
    peak = int(memory_file.read_text().split()[-1])
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak / 1024), *texts


def add(costs):
    """Of commands that run one after the other."""
    return Cost(sum(c.cpu_seconds for c in costs), sum(c.wall_seconds for c in costs),
                max(c.peak_mib for c in costs))


def median(costs):
    return Cost(*(statistics.median(getattr(c, f.name) for c in costs) for f in dataclasses.fields(Cost)))
