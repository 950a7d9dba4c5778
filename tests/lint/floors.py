#!/usr/bin/env python3
"""Floors: a file includes only modules that its own module declares, and no headers include each other in a circle.

Usage: floors.py MODULE_USES     the table that cmake/DubplateModule.cmake writes: "<module> <module it may use>"
Third-party headers are held to the same: only the modules that name a library in CMakeLists.txt may include it.
"""
import collections
import pathlib
import re
import sys

from common import ROOT, finish, includes, relative, sources

# The headers of each third-party library by the short name of cmake/ThirdParty.cmake.
THIRD_PARTY = {
    "spdlog": r"spdlog/", "openssl": r"openssl/", "taglib": r"taglib/|(id3v2|mpeg|tag|flac|wav|aiff)\w*\.h$",
    "soxr": r"soxr\.h", "fftw": r"fftw3\.h", "flac": r"FLAC/", "mp3lame": r"lame/", "sndfile": r"sndfile\.",
    "libav": r"lib(av|sw)\w+/", "cli11": r"CLI/", "soci": r"soci/|sqlite3\.h|libpq", "tomlplusplus": r"toml\+\+/",
}


def declared_libraries():
    """Module -> the private libraries that its dubplate_module() or dubplate_program() names."""
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    result = {}
    for kind, body in re.findall(r"^dubplate_(module|program)\(([^)]*)\)", text, re.MULTILINE):
        words = body.split()
        path = words[0] if kind == "module" else words[1]
        libs = words[words.index("PRIVATE_LIBS") + 1:] if "PRIVATE_LIBS" in words else []
        result[path] = set(libs)
    return result


def module_of(path, modules):
    """The longest module that is a folder above the path (relative to src)."""
    fitting = [m for m in modules if path.startswith(m + "/")]
    return max(fitting, key=len, default=None)


def find_circle(graph):
    done = set()
    for start in sorted(graph):
        stack = [(start, iter(sorted(graph[start])))]
        trail = [start]
        while stack:
            node, children = stack[-1]
            following = next((c for c in children if c not in done), None)
            if following is None:
                done.add(node)
                stack.pop()
                trail.pop()
            elif following in trail:
                return trail[trail.index(following):] + [following]
            else:
                stack.append((following, iter(sorted(graph.get(following, ())))))
                trail.append(following)
    return None


def main():
    uses = collections.defaultdict(set)
    for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        module, used = line.split()
        uses[module].add(used)
    libraries = declared_libraries()

    findings = []
    graph = collections.defaultdict(set)
    files = sources()
    for path in files:
        name = path.relative_to(ROOT / "src").as_posix()
        module = module_of(name, uses)
        if module is None:
            findings.append(f"{relative(path)}: belongs to no module; add dubplate_module({pathlib.Path(name).parent})")
            continue
        for number, quoted, angled in includes(path):
            place = f"{relative(path)}:{number}"
            if quoted:
                target = module_of(quoted, uses)
                if not (ROOT / "src" / quoted).is_file():
                    findings.append(f'{place}: "{quoted}" is not there; paths start at src/')
                elif target not in uses[module]:
                    findings.append(f'{place}: {module} may not use {target} ("{quoted}"): see CMakeLists.txt')
                graph[name].add(quoted)
            else:
                for library, pattern in THIRD_PARTY.items():
                    if re.match(pattern, angled) and library not in libraries.get(module, ()):
                        findings.append(f"{place}: {module} may not use {library} (<{angled}>): see CMakeLists.txt")
    circle = find_circle(graph)
    if circle:
        findings.append("circle of includes: " + " -> ".join(circle))
    finish("floors", findings, len(files))


if __name__ == "__main__":
    main()
