"""How a run begins: its target, its key, its seat, its worker.

``asked_server``: Asks a typed address what it is: with the trust, the way out and the secrets of a
    probe.
``candidates``: From a choice to a target: an option of the catalogue, a typed address, this
    machine.
``crew``: The pool of warm worker processes: the next run of their kind begins at once.
``endpoints``: Which servers a plan asks: what two live runs must not have in common.
``fresh_plan``: A plan for a new run: what nobody has set is drawn for it.
``job``: What the page's process tells the worker, by its standard input alone.
``key_bindings``: Which variable holds the key of an own option: bound on this computer, to its host
    and port.
``launch``: Starts the worker process: outside the page's session, without its secrets.
``meant_address``: The endpoint that a typed address means: mended, its format and its query taken
    from it.
``seats``: Concurrency limits of live runs: one run of the local model, a few of APIs, one of an
    endpoint.
``server_plan``: The plan of a sweep of a server: English texts of the wanted lengths, within a cap
    of time.
``typed_fields``: What a person typed of an endpoint's own fields, as the catalogue's ``Endpoint``
    takes them.
"""
