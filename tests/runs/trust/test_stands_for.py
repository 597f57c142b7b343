"""Which option a server is: what a person may say, and what is refused in a sentence."""

import pytest

from core.catalog.schema import Catalog
from core.errors import RunError
from core.runs.trust.stands_for import option_said


@pytest.mark.parametrize(
    ("said", "model", "option_id"),
    [
        ("rent/l-1@open/large", "whatever", "rent/l-1@open/large"),
        ("rent/l-1", "open/large", "rent/l-1@open/large"),
        (" rent/l-1 ", "LARGE", "rent/l-1@open/large"),
        ("owned/gpu-home@small", "m", "owned/gpu-home@open/small"),
        ("this-machine@open/large", "m", "this-machine@open/large"),
    ],
)
def test_a_machine_is_named_with_a_model_of_the_catalogue(
    frozen_catalog: Catalog, said: str, model: str, option_id: str
) -> None:
    """Typed after it, or the one that is asked there; with or without its owner."""
    assert option_said(frozen_catalog, said, model) == option_id


@pytest.mark.parametrize(
    ("said", "model", "words"),
    [
        ("alpha/flat", "open/large", "is paid by use"),
        ("hybrid/rent/l-1+alpha/flat", "open/large", "is paid by use"),
        ("rent/nothing", "open/large", "no machine called 'rent/nothing'"),
        ("", "open/large", "no machine called ''"),
        ("rent/l-1", "nobody/knows", "Say which model of the catalogue"),
        ("rent/l-1@nobody/knows", "open/large", "called 'nobody/knows'"),
    ],
)
def test_what_no_throughput_can_replace_is_refused(
    frozen_catalog: Catalog, said: str, model: str, words: str
) -> None:
    """An API, a hybrid, an id or a model that nobody knows: what, and what to type instead."""
    with pytest.raises(RunError, match=words) as refused:
        option_said(frozen_catalog, said, model)
    assert "aws/g6.xlarge@BAAI/bge-m3" in str(refused.value)
