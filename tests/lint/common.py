"""What the lints share: the repository's files, and how a finding is told."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def sources(folder="src", suffixes=(".h", ".cpp", ".def")):
    return sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in suffixes)


def includes(path):
    """(line number, quoted name or None, angled name or None) of each #include."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', line)
        if match:
            yield number, match.group(1), match.group(2)


def relative(path):
    return path.relative_to(ROOT).as_posix()


def repository_files():
    """Every file that git knows or would add; all files below the root where this is no git checkout."""
    try:
        listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                                 check=True, capture_output=True)
        names = [n for n in listing.stdout.decode("utf-8", "surrogateescape").split("\0") if n]
        return sorted(ROOT / n for n in set(names) if (ROOT / n).is_file())
    except (OSError, subprocess.CalledProcessError):
        return sorted(p for p in ROOT.rglob("*") if p.is_file() and p.relative_to(ROOT).parts[0] not in
                      ("build", "out", ".git"))


def finish(name, findings, checked):
    """Prints the findings and ends the program."""
    for finding in findings:
        print(finding)
    print(f"{name}: {checked} checked, {len(findings)} findings")
    sys.exit(1 if findings else 0)
