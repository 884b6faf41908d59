"""The `task_config` of `backup_file`, checked as a whole before any folder is read."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from asynctask_core.errors import ConfigInvalid, FieldViolation
from asynctask_nas.exclude import Exclude
from asynctask_nas.glob import SPELLING, PatternInvalid

_RATE = re.compile(r"(\d+)\s*(B|KiB|MiB|GiB|kB|KB|MB|GB)?(?:/s)?")
_UNITS = {
    "": 1,
    "B": 1,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
}

_SPELLED = "must be a name that file systems can spell"
_DIGITS = "the eight characters that SOURCE_REPLACED or NOT_MOUNTED named, such as 1f0c9a7e"


def _described(description: str, chinese: str, **schema: object) -> dict[str, Any]:
    """A part of a field's JSON Schema with its own description, which the error of a refused value repeats."""
    return {**schema, "description": description, "x-asynctask-i18n": {"zh": {"description": chinese}}}


def _said(
    title: str, description: str, chinese_title: str, chinese: str, **schema: object
) -> dict[str, Mapping[str, object]]:
    """A field's JSON Schema besides its type: people read it in forms and in `asynctask types`, submits satisfy it."""
    words = {"zh": {"title": chinese_title, "description": chinese}}
    return {"json_schema": {"title": title, "description": description, "x-asynctask-i18n": words, **schema}}


# The scheduler checks these as JSON Schema, where ^ and $ are the ends of the whole text.
# Each has its own description, for the error of a refused submit: "must be an absolute path".
_PATH = (
    _described("An absolute path.", "以 / 开头的绝对路径", pattern="^/"),
    _described("A path without NUL characters.", "不含 NUL 字符的路径", pattern=r"^[^\u0000]*$"),
)
_ACCEPTED = r"^([0-9a-f]{8}([ ,]+|$))*$"
_ABOVE_ZERO = rf"^\s*0*[1-9][0-9]*\s*({'|'.join(unit for unit in _UNITS if unit)})?(/s)?\s*$"


@dataclass(frozen=True)
class BackupConfig:
    """What to copy where. Both folders are absolute paths that every executor of the type has mounted.

    Attributes:
        source_path: The folder whose content is backed up. It must exist.
        destination_path: The folder that becomes its copy; made when absent. Neither may lie inside the other.
        exclude: Patterns as in gitignore, relative to the source (`asynctask_nas.exclude`). Entries that match are
            neither copied nor marked.
        bandwidth_limit: Most bytes per second for all files of the task together, as a number or a text such as
            "20MiB". None is no limit. It counts copying, and both sides that a checksum reads.
        verify: What to compare after the transfer: "none", "size" (and time), "checksum" (both sides read in full), or
            "all": checksums of everything that the source has, also of files that this run did not copy.
        repair: Copy files that differ once more; the copies that differed are set aside.
        delete_extra: What to do with entries that only the destination has: "keep" them, or "mark" them, which moves
            them to `.asynctask-removed/<time of the task>-<end of its id>/` in the destination.
        most_marked_percent: Largest share of the destination's entries that a run may mark, or replace with entries of
            another kind, from 100 entries on. If there are more, the task fails before it changes anything.
        allow_empty_source: Mark everything if the source is empty. Without it such a task fails.
        accept_source: The hexadecimal digits in the message of a task that failed as SOURCE_REPLACED, or waits as
            NOT_MOUNTED: go on with exactly that source. Several, separated by blanks, if executors see one source by
            different mounts.
        one_file_system: Stay on the source's own file system: folders where another one is mounted are made, and
            their content is neither copied nor marked.
        must_be_mounted: True: neither folder may be on the system's own disk. A list: paths where something must be
            mounted. Otherwise the task waits.
    """

    __json_schema__: ClassVar[Mapping[str, object]] = {
        "if": {"properties": {"repair": {"const": True}}, "required": ["repair"]},
        "then": {"properties": {"verify": {"enum": ["size", "checksum", "all"]}}},
        "x-asynctask-i18n": {
            "zh": {"description": "把一个已挂载的文件夹增量备份到另一个文件夹；中断后从中断处继续。"}
        },
    }
    """`repair` needs `verify`, which finds what differs. The schema makes a submit without it fail at once."""

    source_path: str = field(
        metadata=_said(
            "Source folder",
            "The folder to back up. It must exist. Write its whole path, which begins with /.",
            "源文件夹",
            "要备份的文件夹，必须已存在。请填写以 / 开头的完整路径。",
            allOf=_PATH,
            examples=["/mnt/photos"],
        )
    )
    destination_path: str = field(
        metadata=_said(
            "Destination folder",
            "The folder that becomes the copy, made if it is not there. Write its whole path, which begins with /.",
            "目标文件夹",
            "存放副本的文件夹，不存在时会自动创建。请填写以 / 开头的完整路径。",
            allOf=_PATH,
            examples=["/mnt/backup/photos"],
        )
    )
    exclude: list[str] = field(
        default_factory=list[str],
        metadata=_said(
            "Leave out",
            "Names and patterns of files and folders that are not backed up, such as *.tmp or cache/. Their copies at "
            "the destination stay as they are. The rules are those of a .gitignore file.",
            "排除",
            "不备份的文件和文件夹的名称或模式，例如 *.tmp 或 cache/。目标中已有的副本保持不变。"
            "规则与 .gitignore 文件相同。",
            items=_described(
                "A pattern as in gitignore: every [ has its ], and a name that begins with # is written \\#.",
                "与 .gitignore 相同的模式：每个 [ 都有对应的 ]，以 # 开头的名称写作 \\#",
                type="string",
                pattern=SPELLING,
            ),
        ),
    )
    bandwidth_limit: int | str | None = field(
        default=None,
        metadata=_said(
            "Speed limit",
            "The most bytes a second that the backup may copy or compare, such as 20MiB. Without it there is no limit.",
            "速度限制",
            "备份每秒最多复制或比较多少字节，例如 20MiB。不填则不限速。",
            allOf=(
                _described(
                    'A rate above 0 such as 5000000, "20MiB" or "500kB".',
                    '大于 0 的速率，例如 5000000、"20MiB" 或 "500kB"',
                    pattern=_ABOVE_ZERO,
                ),
            ),
            exclusiveMinimum=0,
            examples=["20MiB"],
        ),
    )
    verify: Literal["none", "size", "checksum", "all"] = field(
        default="size",
        metadata=_said(
            "Check the copies",
            "How to check the copies at the end. none: not at all. size: size and time of the files that were copied. "
            "checksum: the whole content of the files that were copied. all: the whole content of all files.",
            "检查副本",
            "备份结束时如何检查副本。none：不检查。size：检查本次复制的文件的大小和时间。checksum："
            "检查本次复制的文件的全部内容。"
            "all：检查所有文件的全部内容。",
        ),
    )
    repair: bool = field(
        default=False,
        metadata=_said(
            "Copy again what differs",
            "A file whose copy fails the check is copied once more; the wrong copy is moved to .asynctask-removed in "
            "the destination. Choose a check other than none with it.",
            "重新复制不一致的文件",
            "副本未通过检查的文件会再复制一次；有误的副本会移到目标中的 .asynctask-removed。"
            "需同时选择 none 以外的检查方式。",
        ),
    )
    delete_extra: Literal["keep", "mark"] = field(
        default="keep",
        metadata=_said(
            "Files only at the destination",
            "What to do with files that the source does not have (any more). keep: leave them where they are. mark: "
            "move them to the folder .asynctask-removed in the destination. Nothing is deleted.",
            "仅目标中有的文件",
            "如何处理源中没有（或已不存在）的文件。keep：留在原处。mark："
            "移到目标中的 .asynctask-removed 文件夹。不会删除任何文件。",
        ),
    )
    most_marked_percent: int = field(
        default=50,
        metadata=_said(
            "Most files to move, in percent",
            "A guard against a wrong source: if more than this percentage of the destination's files, and at least "
            "100, would be moved to .asynctask-removed, the task fails before it changes anything. Nothing is deleted.",
            "最多移走的文件（百分比）",
            "防止选错源：如果将被移到 .asynctask-removed 的文件不少于 100 个，且超过目标文件的这一百分比，"
            "任务会在改动任何"
            "内容之前失败。不会删除任何文件。",
            minimum=0,
            maximum=100,
        ),
    )
    allow_empty_source: bool = field(
        default=False,
        metadata=_said(
            "Allow an empty source",
            "Go on if the source folder is empty and mark would move every file of the destination. Otherwise such a "
            "task fails, because an empty folder is often a disk that is not mounted.",
            "允许源为空",
            "即使源文件夹为空、mark 会移走目标中的所有文件，也继续执行。否则这样的任务会失败，"
            "因为空文件夹往往意味着磁盘没有挂载。",
        ),
    )
    accept_source: str = field(
        default="",
        metadata=_said(
            "Accept a new source",
            "Needed only if a backup says that its source is not the one from before, and the new one is right: the "
            "eight characters in its message, such as 1f0c9a7e. Put a space between several.",
            "接受新的源",
            "仅当备份提示源与之前不同、而新的源正确时才需填写：提示中给出的八个字符，例如 1f0c9a7e。"
            "多个之间用空格分开。",
            allOf=(
                _described(
                    f"{_DIGITS.replace('the', 'The', 1)}.",
                    "SOURCE_REPLACED 或 NOT_MOUNTED 给出的八个字符，例如 1f0c9a7e",
                    pattern=_ACCEPTED,
                ),
            ),
        ),
    )
    one_file_system: bool = field(
        default=False,
        metadata=_said(
            "Leave out other disks",
            "Do not back up disks and network folders that are mounted inside the source folder.",
            "不含其他磁盘",
            "不备份挂载在源文件夹内部的其他磁盘和网络文件夹。",
        ),
    )
    must_be_mounted: bool | list[str] = field(
        default=False,
        metadata=_said(
            "Wait for disks",
            "A guard against a disk that is not plugged in. Yes: the task waits while the source or the destination "
            "is on the disk of the system itself. A list: it waits until something is mounted at each of these paths.",
            "等待磁盘",
            "防止磁盘未接入。是：只要源或目标位于系统自身的磁盘上，任务就一直等待。列表："
            "任务一直等到其中每个路径都已挂载。",
            items={"allOf": _PATH},
        ),
    )

    @property
    def source(self) -> bytes:
        """The source's path as bytes."""
        return os.fsencode(os.path.normpath(self.source_path))

    @property
    def destination(self) -> bytes:
        """The destination's path as bytes."""
        return os.fsencode(os.path.normpath(self.destination_path))

    @property
    def accepted_sources(self) -> list[str]:
        """Digits of sources that are accepted."""
        return self.accept_source.replace(",", " ").split()

    @property
    def mount_points(self) -> list[bytes]:
        """Paths where something must be mounted."""
        named = self.must_be_mounted if isinstance(self.must_be_mounted, list) else []
        return [os.fsencode(os.path.normpath(path)) for path in named]

    @property
    def bytes_per_s(self) -> int | None:
        """The bandwidth limit as a number."""
        return None if self.bandwidth_limit is None else parse_rate(self.bandwidth_limit)

    def check(self) -> None:
        """Refuse a config that no run could follow.

        Raises:
            ConfigInvalid: with a violation for every wrong field.
        """
        wrong: list[FieldViolation] = []
        for name in ("source_path", "destination_path"):
            wrong += _wrong_path(name, getattr(self, name))
        for number, pattern in enumerate(self.exclude):
            try:
                Exclude([pattern])
            except UnicodeEncodeError:
                wrong.append(FieldViolation(f"exclude[{number}]", f"{_SPELLED}; got {pattern!r}"))
            except PatternInvalid as error:
                wrong.append(FieldViolation(f"exclude[{number}]", str(error)))
        wrong += self._unsafe()
        try:
            _ = self.bytes_per_s
        except ValueError as error:
            wrong.append(FieldViolation("bandwidth_limit", str(error)))
        if self.repair and self.verify == "none":
            wrong.append(
                FieldViolation("repair", 'needs verify to be "size", "checksum" or "all"; got verify "none"')
            )
        if wrong:
            raise ConfigInvalid(wrong)

    def _unsafe(self) -> list[FieldViolation]:
        """Violations of the options that protect both sides."""
        wrong: list[FieldViolation] = []
        for number, path in enumerate(self.must_be_mounted if isinstance(self.must_be_mounted, list) else ()):
            wrong += _wrong_path(f"must_be_mounted[{number}]", path)
        if re.fullmatch(_ACCEPTED, self.accept_source) is None:
            said = f"must be {_DIGITS}; got {self.accept_source!r}"
            wrong.append(FieldViolation("accept_source", said))
        if not 0 <= self.most_marked_percent <= 100:
            said = f"must be from 0 to 100; got {self.most_marked_percent}"
            wrong.append(FieldViolation("most_marked_percent", said))
        return wrong


def _wrong_path(name: str, path: str) -> list[FieldViolation]:
    said = ""
    if not os.path.isabs(path):
        said = "must be an absolute path"
    elif "\0" in path:
        said = "must be a path without NUL characters"
    else:
        try:
            os.fsencode(path)
        except UnicodeEncodeError:
            said = _SPELLED
    return [FieldViolation(name, f"{said}; got {path!r}")] if said else []


def parse_rate(value: int | str) -> int:
    """Read bytes a second: a number, or a text with a unit such as "20MiB", "20 MiB/s" or "500kB".

    Raises:
        ValueError: it is not one, or is not above zero.
    """
    if isinstance(value, str):
        found = _RATE.fullmatch(value.strip())
        if found is None:
            raise ValueError(f"{value!r} is not a rate: write bytes a second, or a text such as 20MiB")
        value = int(found[1]) * _UNITS[found[2] or ""]
    if value <= 0:
        raise ValueError(f"a rate must be above 0 bytes a second; got {value}")
    return value
