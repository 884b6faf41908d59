"""Every reason that people meet says what they can do."""

from asynctask_core.errors import BY_REASON
from asynctask_core.remedies import REMEDIES


def test_every_reason_of_the_catalogue_has_a_remedy():
    """Add yours to `asynctask_core/remedies.py`: one or two sentences in plain words."""
    assert sorted(REMEDIES) == sorted(BY_REASON)


def test_remedies_are_sentences():
    for reason, remedy in REMEDIES.items():
        assert remedy.endswith("."), reason
        assert remedy[0].isupper() or remedy[0] == "`", reason


def test_remedy_for_copies_that_differ_repairs_them():
    """Fails when the advice is a run that trusts the size and time of a copy whose content rotted."""
    assert '`"verify": "all", "repair": true`' in REMEDIES["VERIFICATION_FAILED"]
