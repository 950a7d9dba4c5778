#!/usr/bin/env python3
"""Docs: links resolve, each catalog entry has its page, and each row of docs/features.md names a test that exists."""
import re

from common import ROOT, finish, relative, repository_files, sources

PAGES = {"src/formats/audio/catalog.def": "docs/formats", "src/formats/daw/catalog.def": "docs/formats",
         "src/formats/sampler/catalog.def": "docs/formats"}


def anchors(path):
    """The anchors of a Markdown file's headings, as GitHub and GitLab make them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+\s+(.*)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def check_links(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", lambda m: "\n" * m.group().count("\n"), text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    for match in re.finditer(r"\]\(([^)\s]+)[^)]*\)", text):
        link = match.group(1)
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue  # another machine's; tests do not depend on the net
        place = f"{relative(path)}:{text.count(chr(10), 0, match.start()) + 1}"
        target, _, anchor = link.partition("#")
        resolved = (path.parent / target).resolve() if target else path
        if not resolved.exists():
            yield f"{place}: {link} leads nowhere"
        elif anchor and resolved.suffix == ".md" and anchor not in anchors(resolved):
            yield f"{place}: {link}: no such heading"


def check_mentions(path):
    """Pages that a comment sends the reader to."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for page in re.findall(r"\bdocs/[\w/.-]+\.md\b", line):
            if not (ROOT / page).is_file():
                yield f"{relative(path)}:{number}: {page} is not there"


def known_tests():
    """Suite.Name of each GoogleTest case, Class.test_name of each unittest case, and the names given to add_test()."""
    names = set()
    for path in sources("tests", (".py",)):
        group = ""
        for kind, name in re.findall(r"^ *(class|def) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            if kind == "class":
                group = name
            elif name.startswith("test_"):
                names.add(f"{group}.{name}")
    for path in sources("tests", (".cpp", ".h")):
        text = path.read_text(encoding="utf-8")
        names.update(f"{s}.{n}" for s, n in re.findall(r"\bTEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)", text))
    for path in (ROOT / "tests").rglob("CMakeLists.txt"):
        names.update(re.findall(r"add_test\(\s*NAME\s+([\w.]+)", path.read_text(encoding="utf-8")))
        names.update("lint." + n for n in re.findall(r"dubplate_lint\(\s*(\w+)", path.read_text(encoding="utf-8")))
    return names


def check_features(path, tests):
    """Rows look like | what a user can do | `the command` | `Suite.Name`, `Suite.Other` |."""
    if not path.is_file():
        yield f"{relative(path)}: is not there"
        return
    rows = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if not line.startswith("|") or set(line) <= set("|-: ") or cells[-1] == "shown by":
            continue
        rows += 1
        named = re.findall(r"`([^`]+)`", cells[-1])
        if not named:
            yield f"{relative(path)}:{number}: names no test"
        for name in named:
            if name not in tests:
                yield f"{relative(path)}:{number}: there is no test {name}"
    if rows == 0:
        yield f"{relative(path)}: holds no row"


def main():
    findings = []
    documents = [p for p in repository_files() if p.suffix == ".md"]
    for path in documents:
        findings += check_links(path)
    for path in sources():
        findings += check_mentions(path)
    for catalog, folder in PAGES.items():
        if (ROOT / catalog).is_file():
            text = re.sub(r"//.*", "", (ROOT / catalog).read_text(encoding="utf-8"))
            for name in re.findall(r"^\s*\w+\(\s*(\w+)", text, re.MULTILINE):
                page = f"{folder}/{name.removesuffix('_format')}.md"
                if not (ROOT / page).is_file():
                    findings.append(f"{catalog}: {name} has no page {page}")
    findings += check_features(ROOT / "docs/features.md", known_tests())
    finish("docs", findings, len(documents))


if __name__ == "__main__":
    main()
