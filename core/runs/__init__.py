"""How a probe becomes a run: started, paid for, watched, stored. Alone knows probe and store.

``files/``: How runs travel to another computer and back.
``places/``: Where a worker's files lie, and how its life shows in them.
``quality/``: How a test of quality is run: whom it asks for which vectors, and what it finds.
``secrets/``: What is secret here, and how it is kept out of all that is written.
``spending/``: What a run may cost at most, and what it has spent.
``starting/``: How a run begins: its target, its key, its seat, its worker.
``surroundings/``: What a run is surrounded by: the machine, and the way out.
``sweep/``: How a sweep of the local engine is run and judged.
``trust/``: Who may be given a key, and whose measurement a run is.
``watching/``: How a run looks while it goes on, and who finds it dead.
``working/``: What the worker process does with a run that it claimed.
``service``: Probe runs as the page knows them: start, look, cancel, list, delete, measurements.
"""
