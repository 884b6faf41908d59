"""The cell that is attacked."""

from tests.integration.scheduler.conftest import cell, start_cell

__all__ = ["cell", "start_cell"]
