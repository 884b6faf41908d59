"""Fixtures of `tests/support/backup_folders`."""

from tests.support.backup_folders import nobody

__all__ = ["nobody"]
