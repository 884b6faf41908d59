"""A service in several parts has each of its methods once."""

import pytest

from asynctask_chassis.joined_servicer import joined_servicer


class Servicer:
    """As gRPC's plugin writes it."""

    def read(self) -> str:
        raise NotImplementedError

    def write(self) -> str:
        raise NotImplementedError


class Reads:
    def read(self) -> str:
        return f"read {self._what()}"

    def _what(self) -> str:
        return "this"


class Writes:
    def write(self) -> str:
        return "written"


def test_each_method_is_that_of_its_part():
    service = joined_servicer(Servicer, Reads(), Writes())
    assert isinstance(service, Servicer)
    assert (service.read(), service.write()) == ("read this", "written")


def test_method_that_no_part_has_or_two_have_is_found_at_the_start():
    """Fails when a call is answered with UNIMPLEMENTED, or by either of two parts, until somebody makes it."""
    with pytest.raises(ValueError, match=r"^no part of Servicer has write$"):
        joined_servicer(Servicer, Reads())
    with pytest.raises(ValueError, match=r"^read is in Reads and in Reads$"):
        joined_servicer(Servicer, Reads(), Writes(), Reads())
