"""How long requests take in all: over hours, texts and servers, within an objective.

``erlang``: Servers without batching: blocking and waiting probability (Erlang B and C), and the
    wait.
``service_response``: Response of servers without batching: the wait convolved with the law of the
    service.
``slo_capacity``: What a replica carries within a latency objective: the largest rate, or why there
    is none.
``time_varying``: Load that changes from hour to hour: the mixture of the hours' responses, and
    overload.
``varied``: Response times where texts differ in length, in microseconds instead of the exact
    seconds.
"""
