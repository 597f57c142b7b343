"""Addresses of a database, and what a sentence may say of them."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import StoreError
from core.settings import Settings
from core.store.database.connect import database_url


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:p4ss@w/ord-long@127.0.0.1:1/db",
        "no address, p4ss",
    ],
)
def test_a_password_that_is_not_written_out_is_repeated_in_no_part(
    tmp_path: Path, address: str
) -> None:
    """What follows its @ would be taken for the host, or for the name of the database."""
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(address))
    with pytest.raises(StoreError, match="%40 for @") as refused:
        database_url(settings)
    for part in ("p4ss", "ord-long"):
        assert part not in str(refused.value)
