"""A service in several parts has each of its methods once."""

import pytest

from asynctask_chassis.joined_servicer import joined_servicer


class Servicer:
    """As gRPC's plugin writes it."""

    def Read(self) -> str:
        raise NotImplementedError

    def Write(self) -> str:
        raise NotImplementedError


class Reads:
    def Read(self) -> str:
        return f"read {self._what()}"

    def _what(self) -> str:
        return "this"


class Writes:
    def Write(self) -> str:
        return "written"


def test_each_method_is_that_of_its_part():
    service = joined_servicer(Servicer, Reads(), Writes())
    assert isinstance(service, Servicer)
    assert (service.Read(), service.Write()) == ("read this", "written")


def test_method_that_no_part_has_or_two_have_is_found_at_the_start():
    """Fails when a call is answered with UNIMPLEMENTED, or by either of two parts, until somebody makes it."""
    with pytest.raises(ValueError, match="^no part of Servicer has Write$"):
        joined_servicer(Servicer, Reads())
    with pytest.raises(ValueError, match="^Read is in Reads and in Reads$"):
        joined_servicer(Servicer, Reads(), Writes(), Reads())
