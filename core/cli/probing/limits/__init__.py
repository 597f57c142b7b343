"""What a run must keep to, as typed after `--fail-if`, and whether it did.

``limit_text``: `--fail-if "p95 > 300ms"`: a name, an operator, a number with its unit, and nothing
    else.
``limit_value``: What a limit is held against: a value of a finished run with its interval.
``limit_verdict``: A limit held against a finished run, with how sure that is.
"""
