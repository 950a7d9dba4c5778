#!/usr/bin/env python3
"""Headers: each opens with a comment that begins with its own name and says more than that, then #pragma once.

That each header compiles alone is the test lint.headers_compile.
"""
from common import finish, relative, sources


def check(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = []
    for line in lines:
        if not line.startswith("//"):
            break
        comment.append(line)
    if not comment or not comment[0].startswith(f"// {path.name}: "):
        yield f'{relative(path)}: must open with "// {path.name}: " and one sentence on what it is'
    elif len("".join(comment)) < 40:
        yield f"{relative(path)}: the opening comment says too little: shape, units, threads, errors"
    code = [line for line in lines[len(comment):] if line.strip()]
    if not code or code[0] != "#pragma once":
        yield f"{relative(path)}: #pragma once must follow the opening comment"


def main():
    headers = sources(suffixes=(".h",))
    findings = [finding for path in headers for finding in check(path)]
    finish("headers", findings, len(headers))


if __name__ == "__main__":
    main()
