"""Every page of the console that the matrix looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page


async def _nothing(page: Page) -> None: ...


async def _help(page: Page) -> None:
    await page.get_by_role("heading").first.wait_for()
    await page.keyboard.press("?")


async def _palette(page: Page) -> None:
    await page.get_by_role("heading").first.wait_for()
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog").wait_for()
    await page.keyboard.type("gated")


async def _peek(page: Page) -> None:
    await page.get_by_role("link", name="backup_file").first.focus()
    await page.keyboard.press("Space")


async def _choose_failed(page: Page) -> None:
    await page.get_by_role("link", name="fragile").first.focus()
    for key in ("x", "j", "x"):
        await page.keyboard.press(key)
    await (
        page.get_by_role("button", name="Restart")
        .or_(page.get_by_role("button", name="重新执行"))
        .first.click()
    )


async def _cancel(page: Page) -> None:
    await page.get_by_role("button", name="Cancel…").or_(page.get_by_role("button", name="取消…")).click()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolePage:
    """One page, or one state of a page that looks different."""

    name: str
    path: str
    """`{word}` stands for the id of the showcase's task of that name."""
    shows: tuple[str, str]
    """A text that is there once the page is, in English and in Chinese."""
    then: Callable[[Page], Awaitable[None]] = _nothing
    """What a person does to see it."""
    refused: str = ""
    """Status of an answer that belongs to it."""
    is_guarded: bool = False
    is_documented: bool = False
    """Whether the documents show its picture."""


def of_task(name: str, rest: str, *shows: str, is_documented: bool = False) -> ConsolePage:
    """One view of the task that the showcase names so."""
    english, chinese = shows
    tab = rest.rpartition("=")[2]
    return ConsolePage(
        name=f"task-{name}-{tab}" if tab else f"task-{name}",
        path=f"/tasks/{{{name}}}{rest}",
        shows=(english, chinese),
        is_documented=is_documented,
    )


CONSOLE_PAGES = (
    ConsolePage(name="overview", path="/", shows=("Running now", "正在执行"), is_documented=True),
    ConsolePage(name="tasks", path="/tasks", shows=("fragile", "fragile"), is_documented=True),
    ConsolePage(name="tasks-failed", path="/tasks?state=failed", shows=("3 tasks", "共 3 个任务")),
    ConsolePage(
        name="tasks-none",
        path="/tasks?type=nothing",
        shows=("No task matches the filter", "没有符合筛选条件的任务"),
    ),
    ConsolePage(name="keys", path="/tasks", shows=("Follow the log", "跟随日志"), then=_help),
    ConsolePage(name="palette", path="/tasks", shows=("About gated", "关于 gated"), then=_palette),
    ConsolePage(name="peek", path="/tasks", shows=("Open the task", "打开任务"), then=_peek),
    ConsolePage(
        name="tasks-restart",
        path="/tasks?state=failed",
        shows=("Restart 2 tasks", "重新执行 2 个任务"),
        then=_choose_failed,
    ),
    of_task("running", "", "Attempt 1 left no log", "第 1 次尝试没有日志"),
    ConsolePage(
        name="task-running-cancel",
        path="/tasks/{running}",
        shows=("Cancel this task?", "取消此任务？"),
        then=_cancel,
    ),
    of_task("running", "?tab=attempts", "gave no sign of life", "没有心跳"),
    of_task("running", "?tab=history", "Executor lost", "执行器失联"),
    of_task("running", "?view=simple", "It is running", "正在", is_documented=True),
    of_task("backup", "?find=copied", "1 hit", "1 处匹配"),
    of_task("backup", "?view=simple", "It is finished", "完成"),
    of_task("backup", "", "48 of 48 files", "48 of 48 files"),
    of_task("backup", "?tab=items", "IMG_0000.jpg", "IMG_0000.jpg", is_documented=True),
    of_task("backup", "?tab=data", "destination_path", "destination_path"),
    of_task("failed", "", "record 9 is broken", "record 9 is broken"),
    of_task("retrying", "", "1 failed attempt of at most 5", "最多 5 次尝试"),
    of_task("waiting", "", "See the executors", "查看执行器"),
    of_task("tomorrow", "", "No executor that runs transcode", "可以执行 transcode"),
    of_task("paused", "", "Since", "自 "),
    of_task("cancelled", "", "It never ran", "从未运行"),
    ConsolePage(
        name="task-unknown",
        path="/tasks/019f0000-0000-7000-8000-000000000000",
        shows=("There is no task with this id", "没有此编号的任务"),
        refused="404",
    ),
    ConsolePage(name="submit", path="/submit", shows=("Choose a task type", "选择任务类型")),
    ConsolePage(name="submit-backup", path="/submit?type=backup_file", shows=("source_path", "source_path")),
    ConsolePage(name="executors", path="/executors", shows=("nas-1", "nas-1"), is_documented=True),
    ConsolePage(name="queues", path="/queues", shows=("media", "media"), is_documented=True),
    ConsolePage(name="type", path="/types/backup_file", shows=("Policies", "策略"), is_documented=True),
    ConsolePage(
        name="type-unknown", path="/types/nothing", shows=("There is no type", "没有类型"), refused="404"
    ),
    ConsolePage(name="health", path="/health", shows=("Schedulers", "调度器"), is_documented=True),
    ConsolePage(
        name="reference", path="/reference", shows=("/api/v1/tasks", "/api/v1/tasks"), is_documented=True
    ),
    ConsolePage(name="not-found", path="/nothing", shows=("There is no such page", "没有这个页面")),
    ConsolePage(name="sign-in", path="/tasks", shows=("Sign in", "登录"), refused="401", is_guarded=True),
)
