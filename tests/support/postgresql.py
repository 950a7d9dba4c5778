#!/usr/bin/env python3
"""A PostgreSQL server for the tests: a cluster of its own in a temporary folder, reached through a socket alone.

Usage: postgresql.py start|stop FOLDER
start writes FOLDER/url, what to connect to, or FOLDER/reason, why there is no server: then the tests that need one are
skipped and say so. The server itself lives below /tmp, for the path of a socket may have 107 bytes only.
"""
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
# Nothing here must outlive the tests, so nothing waits for the disk.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=40",
            "shared_buffers=16MB")


def as_server(folder, *command):
    """Runs a command of the server, which refuses to run as root, as the user of Debian's package then."""
    options = {}
    if os.geteuid() == 0:
        options = {"user": "postgres", "group": "postgres", "extra_groups": []}
    return subprocess.run(list(map(str, command)), cwd=folder, check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60, **options)


def start_cluster():
    """The folder of a running server, which is also that of its socket."""
    if not (PROGRAMS / "initdb").exists():
        raise RuntimeError("postgresql is not installed; run scripts/setup")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dubplate-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
    try:
        as_server(folder, PROGRAMS / "initdb", "-D", folder / "data", "-U", "dubplate", "-A", "trust", "-E", "UTF8",
                  "--no-sync", "--locale=C.UTF-8")
        options = " ".join(f"-c {setting}" for setting in SETTINGS) + f" -k {folder}"
        as_server(folder, PROGRAMS / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start")
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise RuntimeError(f"the server does not start: {getattr(error, 'stderr', '') or error}") from error
    return folder


def stop_cluster(folder):
    try:
        as_server(folder, PROGRAMS / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    except (subprocess.SubprocessError, OSError) as error:
        print(f"postgresql: stopping: {error}", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)


def url_of(folder):
    return f"postgresql://dubplate@/postgres?host={folder}"


def main():
    action, place = sys.argv[1], pathlib.Path(sys.argv[2])
    running = place / "cluster"
    if running.exists():  # of a run that was killed, where it begins
        stop_cluster(pathlib.Path(running.read_text(encoding="utf-8")))
    shutil.rmtree(place, ignore_errors=True)
    if action == "start":
        place.mkdir(parents=True)
        try:
            cluster = start_cluster()
        except RuntimeError as error:
            print(f"postgresql: none for the tests: {error}")
            (place / "reason").write_text(str(error), encoding="utf-8")
            return
        running.write_text(str(cluster), encoding="utf-8")
        (place / "url").write_text(url_of(cluster), encoding="utf-8")


if __name__ == "__main__":
    main()
