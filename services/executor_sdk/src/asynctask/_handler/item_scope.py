"""The item that a handler works on now, for the warnings and marks that it makes meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from asynctask._attempt.pending_warnings import A_MARKED_ITEM, THE_STAGE, About

if TYPE_CHECKING:
    from asynctask._handler.items import ItemInfo


class ItemScope:
    """The time in which a handler works on one item."""

    __slots__ = ("_about", "_around", "_is_left", "is_marked")

    def __init__(self, manifest: str, position: int, around: ItemScope | None) -> None:
        self._about: About = (manifest, position)
        self._around = around
        self._is_left = False
        self.is_marked: bool = False
        """Whether the handler has set the item's state."""

    def mark(self) -> None:
        """Note that the handler has set the item's state."""
        self.is_marked = True

    def mark_told(self, manifest: str, items: Iterable[ItemInfo]) -> None:
        """Note that the handler has set the states of `items`, perhaps of this one or of one of an outer loop."""
        if any((manifest, item.position) == self._about for item in items):
            self.mark()
        if self._around is not None:
            self._around.mark_told(manifest, items)

    def leave(self) -> None:
        """Note that the handler left its loop while the item was to do: later warnings are not about it."""
        self._is_left = True

    @property
    def about(self) -> About:
        """The subject of a warning that is given now."""
        if self._is_left:
            return THE_STAGE if self._around is None else self._around.about
        return A_MARKED_ITEM if self.is_marked else self._about


item_scope: ContextVar[ItemScope | None] = ContextVar("asynctask_item", default=None)
"""The item that is worked on here; follows tasks and threads that handlers start for it."""


def about_here() -> About:
    """The subject of a warning or checkpoint that is made here."""
    scope = item_scope.get()
    return THE_STAGE if scope is None else scope.about


def mark_told(manifest: str, items: Iterable[ItemInfo]) -> None:
    """Note that the handler has set the states of `items` itself: the end of its work on one changes nothing."""
    scope = item_scope.get()
    if scope is not None:
        scope.mark_told(manifest, items)
