"""`--fail-if`: a small, strict grammar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli.probing.limits.limit_text import (
    ANY,
    METRICS,
    OPERATORS,
    UNITS,
    limits_of,
    refuse_unmeasured,
)
from core.errors import RunError


@given(
    name=st.sampled_from(sorted(METRICS)),
    sign=st.sampled_from(sorted(OPERATORS)),
    number=st.floats(0, 1e6).map(lambda value: f"{value:.3f}"),
    blanks=st.tuples(*[st.sampled_from(("", " ", "  "))] * 3),
    data=st.data(),
)
def test_every_metric_is_read_with_every_operator_and_each_of_its_units(
    name: str, sign: str, number: str, blanks: tuple[str, str, str], data: st.DataObject
) -> None:
    """Blanks are free; the bound is in seconds, a share, or a number a second."""
    units = UNITS[METRICS[name].unit]
    unit = data.draw(st.sampled_from(sorted(units)))
    first, second, third = blanks
    (limit,) = limits_of([f"{name}{first}{sign}{second}{number}{third}{unit}"])
    assert (limit.metric, limit.sign) == (name, sign)
    assert limit.bound == pytest.approx(float(number) * units[unit])
    assert limit.text == f"{name} {sign} {number}{unit}"
    assert limits_of([limit.text]) == (limit,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no limit"),
        ("p95", "is no limit"),
        ("p95 = 300ms", "is no limit"),
        ("p95 > -1ms", "is no limit"),
        ("p95 > 1e3ms", "write p95 in us or ms or s or min"),
        ("300ms < p95", "is no limit"),
        ("p95 > 300ms and errors > 1%", "is no limit"),
        ("p95 > 300", "write p95 in us or ms or s or min, such as p95 > 300us"),
        ("p95 > 300%", "write p95 in"),
        ("errors > 1", "write errors in %"),
        ("capacity < 5ms", "write capacity in /s"),
        ("p42 > 1ms", "there is no 'p42'. There are p50, p95"),
        ("x" * 500, "is no limit"),
    ],
)
def test_what_is_no_limit_is_said_with_what_it_may_be(text: str, words: str) -> None:
    """In one sentence, and no more of it is repeated than a person would read."""
    with pytest.raises(RunError) as refused:
        limits_of([text])
    assert words in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("text", "kind", "given", "words"),
    [
        ("capacity < 5/s", "open_loop", (), "a run of kind open_loop does not measure capacity"),
        (
            "p95 > 1s",
            "ramp",
            (),
            "does not measure p95; closed_loop and cold_start and open_loop and paired do",
        ),
        ("goodput < 5/s", "ramp", (), "goodput needs --slo"),
        ("slower > 5%", "open_loop", ("--slo",), "slower needs --compare-with"),
    ],
)
def test_a_limit_on_what_is_not_measured_is_refused_before_anything_is_sent(
    text: str, kind: str, given: tuple[str, ...], words: str
) -> None:
    """It names the ways that measure it, or the flag that is missing."""
    with pytest.raises(RunError) as refused:
        refuse_unmeasured(limits_of([text]), kind, given)
    assert words in str(refused.value)
    refuse_unmeasured(limits_of(["errors > 1%"]), kind, given)


def test_failures_and_the_first_call_are_measured_by_every_schedule() -> None:
    """So that the same limits can stand in any job."""
    assert METRICS["errors"].measured_by == METRICS["cold_start"].measured_by == ANY
