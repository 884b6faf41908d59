"""Handlers that start processes in every way; also run by an executor of its own: `python -m`."""

import asyncio
import concurrent.futures
import ctypes
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asynctask import Client, Context, Executor, TaskType, ThreadContext, blocking


@dataclass
class Children:
    folder: Path
    way: str = ""
    count: int = 1


def note(folder: Path, name: str) -> None:
    """Write down this process, whole or not at all."""
    part = folder / f".{name}.{os.getpid()}"
    part.write_text(str(os.getpid()))
    part.rename(folder / f"{name}.pid")


def sleep_for_ever() -> None:
    while True:
        time.sleep(3600)


def start_member(folder: Path, name: str) -> None:
    if os.fork():
        return
    if name == "grandparent":
        start_member(folder, "grandchild")
    if name == "session":
        os.setsid()
    if name == "daemon":
        for _ in range(2):
            if os.fork():
                os._exit(0)
            os.setsid()
    if name == "deaf":
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
    note(folder, name)
    if name == "command":
        os.execvp("sleep", ["sleep", "3600"])
    sleep_for_ever()


MEMBERS = ("command", "grandparent", "session", "daemon", "deaf")


def start_family(folder: Path) -> None:
    """A command, a child with a child, one in a session of its own, a daemon, and one that is deaf to SIGTERM."""
    for name in MEMBERS:
        start_member(folder, name)
    while not all((folder / f"{name}.pid").exists() for name in (*MEMBERS, "grandchild")):
        time.sleep(0.01)


family = TaskType("family", config=Children)


@family.stage(process=True)
def have_family(ctx: ThreadContext[Children], given: Children) -> str:
    start_family(given.folder)
    note(given.folder, "handler")
    (given.folder / "guard.pid").write_text(str(os.getppid()))
    if given.way == "returns":
        return "done"
    if given.way == "holds the GIL":
        ctypes.PyDLL(None).sleep(3600)
    if given.way == "dies":
        os._exit(0)
    sleep_for_ever()
    return ""


brief = TaskType("brief", config=Children)


@brief.stage(process=True, timeout="2s")
def have_family_too_long(ctx: ThreadContext[Children], given: Children) -> None:
    have_family(ctx, given)


ends = TaskType("ends", config=Children)


@ends.stage(process=True)
def end(ctx: ThreadContext[Children], given: Children) -> None:
    """Ends its own process, as somebody else may."""
    del ctx
    if given.way == "exit":
        os._exit(3)
    if given.way == "segfault":
        ctypes.string_at(0)
    os.kill(os.getpid(), getattr(signal, given.way))
    time.sleep(60)


def square(number: int) -> int:
    return number * number


def log_and_square(number: int) -> int:
    logging.getLogger("child").warning("child %d", number)
    return square(number)


one_at_a_time = threading.Lock()


def exit_code_of_child(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def use_children(ctx: Any, given: Children) -> Any:
    """One way to use children, in any kind of handler; what comes out of it."""
    methods = {"fork", "spawn", "forkserver"}
    if given.way in methods:
        codes: Counter[int | None] = Counter()
        for _ in range(given.count):
            how: Any = multiprocessing.get_context(given.way)
            child = how.Process(target=square, args=(2,))
            # To start one, multiprocessing collects what has ended of all children of this process: another thread's
            # `join` then finds no exit code.
            with one_at_a_time:
                child.start()
                child.join()
            codes[child.exitcode] += 1
        return {str(code): count for code, count in codes.items()}
    if given.way == "preexec":
        codes = Counter(
            subprocess.run(["true"], preexec_fn=os.getpid, check=False).returncode for _ in range(given.count)
        )
        return {str(code): count for code, count in codes.items()}
    if given.way.startswith("pool "):
        with multiprocessing.get_context(given.way.removeprefix("pool ")).Pool(2) as pool:
            return pool.map(square, range(4))
    if given.way.startswith("executor "):
        how = multiprocessing.get_context(given.way.removeprefix("executor "))
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=how) as pool:
            return list(pool.map(square, range(4)))
    if given.way == "logs":
        with multiprocessing.get_context("fork").Pool(2) as pool:
            return pool.map(log_and_square, range(200), chunksize=1)[-1]
    if given.way == "signals":
        return signals_of_child()
    if given.way == "exits":
        code_of = []
        for number in (signal.SIGTERM, signal.SIGINT):
            child = os.fork()
            if not child:
                sleep_for_ever()
            os.kill(child, number)
            code_of.append(exit_code_of_child(child))
        child = os.fork()
        if not child:
            sys.exit(3)
        return [*code_of, exit_code_of_child(child)]
    if given.way == "context":
        child = os.fork()
        if not child:
            try:
                ctx.progress(1)
                ctx.checkpoint(1)
            except RuntimeError as error:
                (given.folder / "refused").write_text(str(error))
            os._exit(0)
        exit_code_of_child(child)
        return (given.folder / "refused").read_text()
    if given.way == "connections":
        child = os.fork()
        if not child:
            (given.folder / f"connections-{os.getppid()}").write_text("\n".join(refusals()))
            os._exit(0)
        exit_code_of_child(child)
        spawned = multiprocessing.get_context("spawn").Process(target=connect)
        spawned.start()
        spawned.join()
        return [*(given.folder / f"connections-{os.getpid()}").read_text().split("\n"), spawned.exitcode]
    raise ValueError(given.way)


def refusals() -> list[str]:
    """What those say that would call gRPC."""
    found: list[str] = []
    for make in (Client, blocking.Client, lambda: Executor(TYPES)):
        try:
            make()
        except RuntimeError as error:
            found.append(str(error))
    return found


def connect() -> None:
    """In a process that has nothing of its parent."""
    assert refusals() == []
    with blocking.Client("127.0.0.1:1") as client:
        assert client is not None


def signals_of_child() -> list[str]:
    """What a forked child does at SIGTERM and SIGINT, and whether a wake-up file is set."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        found = [str(signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
        os.write(writes, "\n".join([*found, str(signal.set_wakeup_fd(-1))]).encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as told:
        found = told.read().split("\n")
    exit_code_of_child(child)  # this one alone: other handlers of the process have children, too
    return found


in_thread = TaskType("in_thread", config=Children)
in_process = TaskType("in_process", config=Children)
on_loop = TaskType("on_loop", config=Children)


@in_thread.stage(name="use")
def use_in_thread(ctx: ThreadContext[Children], given: Children) -> Any:
    return use_children(ctx, given)


@in_process.stage(name="use", process=True)
def use_in_process(ctx: ThreadContext[Children], given: Children) -> Any:
    return use_children(ctx, given)


@on_loop.stage(name="use")
async def use_on_loop(ctx: Context[Children], given: Children) -> Any:
    if given.way == "comes back":
        child = os.fork()
        if not child:
            await asyncio.sleep(0.001)
            (given.folder / "went-on").write_text("")
        return await asyncio.to_thread(exit_code_of_child, child)
    return use_children(ctx, given)


TYPES = [family, brief, ends, in_thread, in_process, on_loop]

if __name__ == "__main__":
    Executor(TYPES, grace="5s").run()
