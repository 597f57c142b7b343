"""What a run found, put together from its samples.

``of_server/``: What a sweep of a server found, from its samples alone.
``answer_cautions``: What the answers of a run show of the server: a memory, or one vector for all.
``attempt_cautions``: Requests that were sent more than once, or over a connection that had to be
    opened again.
``batch_fit_of_api``: How the time of a request grows with what is in it: fixed, per text, per
    token.
``cautions``: What limits a run, as sentences: too few samples, a late client, drift, failures.
``gaps``: Cold against warm: the length of silence after which a first call is slower.
``pattern_cautions``: Patterns in the times of requests that should be alike: drift, resemblance, a
    slow beginning.
``run_report``: What a run found beyond its percentiles, put together from its samples.
``server_cautions``: What the server says of itself in its answers, and what it refuses, each said
    once.
``size_findings``: The most that a server takes in one request, as its refusals show it.
``summary``: From samples to the numbers of a run. Works on a run that is still going, too.
``two_runs``: Two runs of different moments beside each other, by their answers to the same texts.
``ways_to_fail``: How requests failed, alike ones together: what it was, and what the server said.
"""
