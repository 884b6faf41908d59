"""The roots around a stage: a failure in between is told by what has become of them."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask import Postpone, RetryLater
from asynctask_core.errors import HandlerError, NotEnoughSpace, SourceMissing
from asynctask_core.ids import id_text, new_id
from asynctask_nas import leftovers
from asynctask_nas.config import BackupConfig
from asynctask_nas.holding import held
from asynctask_nas.roots import HeldRoots, KnownRoots
from asynctask_nas.tree import Tree


@pytest.fixture
def ctx(source: Path, destination: Path) -> Any:
    return SimpleNamespace(config=BackupConfig(str(source), str(destination)), task_id=id_text(new_id()))


def known_of(ctx: Any) -> KnownRoots:
    with held(ctx, None) as roots:
        return roots.known


def test_error_of_a_file_is_told_as_the_root_that_went_away(ctx: Any, source: Path) -> None:
    """Fails when what was unmounted under a stage is told as a file that could not be read."""

    def fail() -> None:
        source.rename(source.with_name("elsewhere"))
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(Postpone, match="is it still mounted"), held(ctx, None):
        fail()


def test_error_of_a_file_stays_that_where_both_roots_are_there(ctx: Any) -> None:
    with pytest.raises(OSError, match="Input/output"), held(ctx, None):
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_task_that_fails_for_good_gives_up_its_unfinished_files(ctx: Any, destination: Path) -> None:
    tree = Tree(os.fsencode(destination))
    for error, is_kept in ((HandlerError("it may go better"), True), (NotEnoughSpace("full"), False)):
        known_of(ctx)
        leftovers.begin(tree, ctx.task_id)
        with pytest.raises(type(error)), held(ctx, None):
            raise error
        assert bool(leftovers.kept_for(tree, id_text(new_id()))) == is_kept


def test_folder_that_cannot_be_used_any_more_is_tried_again_in_a_task_that_has_begun(
    ctx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People have some time to mend it; a task that begins so fails at once."""
    known = known_of(ctx)

    def open_source(self: HeldRoots, known: KnownRoots | None) -> int:
        raise SourceMissing("it cannot be read")

    monkeypatch.setattr(HeldRoots, "_open_source", open_source)
    with pytest.raises(RetryLater, match="it cannot be read"), held(ctx, known):
        pass
    with pytest.raises(SourceMissing, match="it cannot be read"), held(ctx, None):
        pass
