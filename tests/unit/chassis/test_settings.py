import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from asynctask_chassis.quantities import ByteSize
from asynctask_chassis.setting_rules import Below, Needs, Rule
from asynctask_chassis.settings import (
    ServiceSettings,
    SettingsError,
    load_settings,
    print_settings,
    setting,
    settings_table,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenSettings(ServiceSettings):
    service: ClassVar[str] = "kitchen"
    address: str = setting(default="127.0.0.1:7700", help="Where it listens.")
    database_url: str = setting(help="Where the truth is kept.", secret=True)
    cooks: int = setting(default=3, help="How many.", at_least=1, at_most=9)
    heat: float = setting(default=1.5, help="How hot.")
    open: bool = setting(default=True, help="Whether it is.")
    patience: timedelta = setting(
        default=timedelta(seconds=5), help="How long.", at_least=timedelta(seconds=1)
    )
    pot: ByteSize = setting(default=ByteSize(4 << 20), help="How large.")
    mode: Literal["fast", "slow"] = setting(default="fast", help="How fast.")
    notes: Path | None = setting(default=None, help="Where notes are kept.")
    pen: Path | None = setting(default=None, help="What they are written with.")
    haste: timedelta = setting(default=timedelta(seconds=2), help="How soon.")
    rules: ClassVar[tuple[Rule, ...]] = (
        Below("haste", "patience", "else nothing is ever done"),
        Needs("pen", "notes", "it writes nothing else"),
    )


URL = {"ASYNCTASK_KITCHEN_DATABASE_URL": "postgresql://chef:sesame@db.example:5432/kitchen?sslmode=require"}


def test_defaults_hold_where_nothing_is_set():
    settings = load_settings(KitchenSettings, URL)
    assert settings.cooks == 3
    assert settings.address == "127.0.0.1:7700"
    assert settings.notes is None
    assert settings.grace_period == timedelta(seconds=25)


def test_settings_that_contradict_one_another_are_named_with_both_values_beside_all_other_mistakes():
    given = {"COOKS": "10", "PATIENCE": "2s", "PEN": "/pen"}
    with pytest.raises(SettingsError) as caught:
        load_settings(
            KitchenSettings, URL | {f"ASYNCTASK_KITCHEN_{name}": text for name, text in given.items()}
        )
    assert caught.value.mistakes == (
        "ASYNCTASK_KITCHEN_COOKS is 10, above the highest allowed 9",
        "ASYNCTASK_KITCHEN_HASTE (2s) must be below ASYNCTASK_KITCHEN_PATIENCE (2s): else nothing is ever done",
        "ASYNCTASK_KITCHEN_PEN (/pen) needs ASYNCTASK_KITCHEN_NOTES (not set): it writes nothing else",
    )


def test_a_mistaken_setting_is_not_held_against_others():
    given = {"ASYNCTASK_KITCHEN_PATIENCE": "soon", "ASYNCTASK_KITCHEN_HASTE": "1h"}
    with pytest.raises(SettingsError) as caught:
        load_settings(KitchenSettings, URL | given)
    assert len(caught.value.mistakes) == 1


def test_every_type_is_read_from_its_variable():
    given = {
        "COOKS": "7",
        "HEAT": "0.25",
        "OPEN": "no",
        "PATIENCE": "90s",
        "POT": "1GiB",
        "MODE": "slow",
        "NOTES": "/n",
    }
    settings = load_settings(
        KitchenSettings, URL | {f"ASYNCTASK_KITCHEN_{name}": text for name, text in given.items()}
    )
    assert (settings.cooks, settings.heat, settings.open) == (7, 0.25, False)
    assert (settings.patience, settings.pot) == (timedelta(seconds=90), 1 << 30)
    assert (settings.mode, settings.notes) == ("slow", Path("/n"))


def test_all_mistakes_are_reported_together():
    environ = {
        "ASYNCTASK_KITCHEN_COOKS": "1e3",
        "ASYNCTASK_KITCHEN_OPEN": "maybe",
        "ASYNCTASK_KITCHEN_PATIENCE": "10ms",
        "ASYNCTASK_KITCHEN_MODE": "medium",
        "ASYNCTASK_KITCHEN_PATIENSE": "5s",
        "ASYNCTASK_KITCHEN_POT_FILE": "/pot",
    }
    with pytest.raises(SettingsError) as caught:
        load_settings(KitchenSettings, environ)
    assert caught.value.mistakes == (
        "ASYNCTASK_KITCHEN_DATABASE_URL is required: Where the truth is kept.",
        "ASYNCTASK_KITCHEN_COOKS is wrong: '1e3' is not a whole number",
        "ASYNCTASK_KITCHEN_OPEN is wrong: 'maybe' is neither true nor false",
        "ASYNCTASK_KITCHEN_PATIENCE is 10ms, below the lowest allowed 1s",
        "ASYNCTASK_KITCHEN_MODE is 'medium', which is none of fast, slow",
        "ASYNCTASK_KITCHEN_PATIENSE is not a setting; did you mean ASYNCTASK_KITCHEN_PATIENCE?",
        "ASYNCTASK_KITCHEN_POT_FILE is not allowed: only secrets are read from files",
    )
    assert "7 mistakes in the settings of the kitchen" in str(caught.value)


@pytest.mark.parametrize("text", ["-5.", "1_000", " 7", "٣", "5x"])
def test_numbers_are_read_strictly(text: str):
    with pytest.raises(SettingsError, match="not a whole number"):
        load_settings(KitchenSettings, URL | {"ASYNCTASK_KITCHEN_COOKS": text})


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        (5000, f"'{'9' * 80}…' is not a number: it has 5,000 digits"),
        (400, f"is {'9' * 80}…, above the highest allowed "),
    ],
)
def test_number_of_very_many_digits_is_refused_in_words_of_ours(digits: int, said: str):
    """Fails when an operator is advised to call a function of Python."""
    with pytest.raises(SettingsError) as caught:
        load_settings(KitchenSettings, URL | {"ASYNCTASK_KITCHEN_COOKS": "9" * digits})
    assert said in str(caught.value)


def test_a_secret_comes_from_a_file(tmp_path: Path):
    file = tmp_path / "url"
    file.write_text("postgresql://from/file\n")
    settings = load_settings(KitchenSettings, {"ASYNCTASK_KITCHEN_DATABASE_URL_FILE": str(file)})
    assert settings.database_url == "postgresql://from/file"


def test_a_secret_given_twice_or_in_a_missing_file_is_a_mistake(tmp_path: Path):
    absent = {"ASYNCTASK_KITCHEN_DATABASE_URL_FILE": str(tmp_path / "absent")}
    with pytest.raises(SettingsError, match="are both set"):
        load_settings(KitchenSettings, URL | absent)
    with pytest.raises(SettingsError, match="cannot be read from"):
        load_settings(KitchenSettings, absent)


def test_secret_in_a_file_of_another_encoding_is_refused_in_plain_words(tmp_path: Path):
    """Fails when a password begins with a byte order mark, or an error has a part of it."""
    file = tmp_path / "url"
    variables = {"ASYNCTASK_KITCHEN_DATABASE_URL_FILE": str(file)}
    file.write_text("postgresql://from/file\n", "utf-8-sig")
    assert load_settings(KitchenSettings, variables).database_url == "postgresql://from/file"
    marked, unmarked = "begins with the byte order mark of UTF-16", "has a byte that is none"
    for encoding, said in (("utf-16", marked), ("latin-1", unmarked)):
        file.write_text("postgresql://für/file\n", encoding)
        with pytest.raises(SettingsError, match=f"url: it must be UTF-8, but {said}\n"):
            load_settings(KitchenSettings, variables)


def test_a_variable_set_to_nothing_counts_as_not_set():
    assert load_settings(KitchenSettings, URL | {"ASYNCTASK_KITCHEN_COOKS": ""}).cooks == 3


def test_kubernetes_service_links_are_nobodys_mistake():
    links = (
        "SERVICE_HOST",
        "SERVICE_PORT",
        "SERVICE_PORT_GRPC",
        "PORT",
        "PORT_7700_TCP",
        "PORT_7700_TCP_ADDR",
    )
    load_settings(
        KitchenSettings, URL | {f"ASYNCTASK_KITCHEN_{link}": "tcp://10.0.0.1:7700" for link in links}
    )


def test_other_services_variables_are_left_alone():
    load_settings(KitchenSettings, URL | {"ASYNCTASK_ADDRESS": "x", "ASYNCTASK_SCHEDULER_CELL": "y"})


def test_print_settings_shows_value_default_and_source_but_no_secret():
    out = io.StringIO()
    print_settings(
        KitchenSettings, out, URL | {"ASYNCTASK_KITCHEN_COOKS": "7", "ASYNCTASK_KITCHEN_OPEN": "yes"}
    )
    lines = {line.split()[0]: line.split()[1:] for line in out.getvalue().splitlines()}
    assert lines["ASYNCTASK_KITCHEN_COOKS"] == ["7", "3", "environment"]
    assert lines["ASYNCTASK_KITCHEN_PATIENCE"] == ["5s", "5s", "default"]
    url = lines["ASYNCTASK_KITCHEN_DATABASE_URL"]
    assert url == ["postgresql://********@db.example:5432/kitchen", "required", "environment"]
    assert "sesame" not in out.getvalue()


def test_print_settings_shows_mistakes_beside_their_settings():
    out = io.StringIO()
    print_settings(KitchenSettings, out, {"ASYNCTASK_KITCHEN_COOKS": "many"})
    rows = {line.split()[0]: line for line in out.getvalue().splitlines()}
    assert "mistake: is wrong: 'many' is not a whole number" in rows["ASYNCTASK_KITCHEN_COOKS"]
    assert "mistake: is required" in rows["ASYNCTASK_KITCHEN_DATABASE_URL"]


def test_the_table_documents_every_setting():
    rows = {row.variable: row for row in settings_table(KitchenSettings)}
    assert rows["ASYNCTASK_KITCHEN_POT"].default == "4MiB"
    assert rows["ASYNCTASK_KITCHEN_POT"].type == "size"
    assert rows["ASYNCTASK_KITCHEN_MODE"].type == "fast, slow"
    assert rows["ASYNCTASK_KITCHEN_NOTES"].default == ""
    assert rows["ASYNCTASK_KITCHEN_DATABASE_URL"].default == "required"
    assert all(row.help for row in rows.values())
