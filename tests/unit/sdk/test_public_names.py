"""`import asynctask` loads a name when it is first used."""

import asynctask


def test_every_public_name_is_found_where_it_is_said_to_be():
    homes = asynctask._HOMES
    assert sorted(asynctask.__all__) == sorted([*asynctask._MODULE_OF, "blocking", "errors"])
    assert sum(map(len, homes.values())) == len(asynctask.__all__) - 2
    for name in asynctask.__all__:
        assert getattr(asynctask, name) is not None


def test_name_that_does_not_exist_is_an_attribute_error():
    assert not hasattr(asynctask, "Klient")
