"""Which pages may talk to the door."""

import pytest
from pydantic import ValidationError

from services.ingestion.origins import Origins, checked_origin
from services.ingestion.settings import IngestionSettings

DOOR = "door.example:8443"


@pytest.mark.parametrize(
    ("named", "origin", "allowed"),
    [
        ((), None, True),  # no browser
        ((), "https://door.example:8443", True),
        ((), "https://shop.example", False),
        ((), "null", False),
        (("https://shop.example",), "https://shop.example", True),
        (("https://shop.example",), "http://shop.example", False),
        (("https://shop.example",), "https://shop.example:8080", False),
        (("https://shop.example",), "https://shop.example.evil.example", False),
        (("https://shop.example",), "https://www.shop.example", False),
        (("https://shopxexample",), "https://shop.example", False),
        (("https://*.shop.example",), "https://www.shop.example", True),
        (("https://*.shop.example",), "https://a.b.shop.example", True),
        (("https://*.shop.example",), "https://shop.example", False),
        (("https://*.shop.example",), "https://evilshop.example", False),
        (("https://*.shop.example",), "https://evil.example/.shop.example", False),
        (("https://a.example", "http://localhost:3000"), "http://localhost:3000", True),
    ],
)
def test_a_page_may_where_its_origin_is_the_doors_or_named(
    named: tuple[str, ...], origin: str | None, allowed: bool
) -> None:
    assert Origins(named).allows(origin, DOOR) is allowed


@pytest.mark.parametrize(
    "wrong",
    ["*", "https://*", "shop.example", "https://shop.example/", "ftp://shop.example", "null", ""],
)
def test_what_is_no_origin_ends_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not an origin"):
        checked_origin(wrong)


def test_the_setting_is_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "RAPPORT_INGESTION_ALLOWED_ORIGINS"
    monkeypatch.setenv(name, "https://Shop.example, https://*.shop.example,")
    assert IngestionSettings().allowed_origins == ("https://shop.example", "https://*.shop.example")
    monkeypatch.setenv(name, "https://shop.example/path")
    with pytest.raises(ValidationError, match="without a path"):
        IngestionSettings()
