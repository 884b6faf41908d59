"""Generate the calls of the blocking client from those of the async one: the same, without `async` and `await`.

`--check` changes nothing and fails if the committed code differs from the generated code.
"""

from __future__ import annotations

import argparse
import re
import sys

from environments import ROOT

FOLDER = ROOT / "services/executor_sdk/src/asynctask/_client"
MODULES = ("caller", "commanding", "overseeing", "reading")
WORDS = (
    (r"\basync (def|for|with) ", r"\1 "),
    (r"\bawait ", ""),
    (r"\bAsyncIterator\b", "Iterator"),
    (r"\b(Caller|Commanding|Overseeing|Reading)\b", r"Blocking\1"),
    (r"\b_client\.caller\b", "_client.blocking_caller"),
)


def blocking(module: str) -> str:
    """The blocking twin of a module of the async client."""
    text = (FOLDER / f"{module}.py").read_text("utf-8")
    for pattern, replacement in WORDS:
        text = re.sub(pattern, replacement, text)
    origin = f'"""Generated from {module}.py by `./dev blocking`: the same calls, for the blocking client."""'
    return re.sub(r'\A""".*?"""', lambda _: origin, text, count=1, flags=re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./dev blocking", description="Generate the blocking client's calls."
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail when the committed code differs"
    )
    arguments = parser.parse_args()
    differs = False
    for module in MODULES:
        path, wanted = FOLDER / f"blocking_{module}.py", blocking(module)
        if path.exists() and path.read_text("utf-8") == wanted:
            continue
        differs = True
        if arguments.check:
            print(
                f"{path.relative_to(ROOT)} is not what {module}.py says: run ./dev blocking", file=sys.stderr
            )
        else:
            path.write_text(wanted, "utf-8")
    if arguments.check and differs:
        sys.exit(1)


if __name__ == "__main__":
    main()
