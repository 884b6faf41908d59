"""Send hostile requests by hand, for as long as you like.

usage: ./dev fuzz [--seconds N] [--seed S]
       ./dev fuzz --rest [--requests N] [--seed S]
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest


def main(argv: Sequence[str]) -> int:
    """Run the test of this folder with a time and a seed."""
    parser = argparse.ArgumentParser(prog="./dev fuzz", description="send hostile requests to real services")
    parser.add_argument("--seconds", type=int, default=60, help="how long; default 60")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(2**31), help="repeat a run; default random"
    )
    parser.add_argument(
        "--rest",
        action="store_true",
        help="send what schemathesis makes of the OpenAPI document to a gateway",
    )
    parser.add_argument("--requests", type=int, default=5000, help="how many, with --rest; default 5000")
    options = parser.parse_args(argv)
    os.environ["ASYNCTASK_TEST_FUZZ_SECONDS"] = str(options.seconds)
    os.environ["ASYNCTASK_TEST_FUZZ_REQUESTS"] = str(options.requests)
    os.environ["ASYNCTASK_TEST_FUZZ_SEED"] = str(options.seed)
    test = Path(__file__).with_name("test_rest.py" if options.rest else "test_hostile_input.py")
    return pytest.main(["-q", "-s", "-p", "no:xdist", str(test)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
