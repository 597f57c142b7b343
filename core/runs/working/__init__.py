"""What the worker process does with a run that it claimed.

``__main__``: ``python -m core.runs.working``: a worker, whose imports are not searched for garbage.
``carry_out``: Carries one claimed run out, in its worker: load, probe or sweep, and leave its end.
``compare_models``: After a comparison: the texts once more through every target, and which are near
    which.
``embedder_of_target``: From a plan's target to the embedder that speaks to it.
``kept_engines``: The engines of the local model that a worker keeps between its runs.
``open_files``: How many connections this process may have: systems start a process with few.
``reporter``: The worker's writer thread: samples, money and heartbeat to the store, cancellation
    from it.
``run_ending``: How a run is ended in the store, once: by its worker, or by whoever finds it dead.
``server_look``: Looks at a server's own counters before the first and after the last request of a
    run.
``stop``: When a worker has to stop: its owner is gone, or somebody sent it a signal.
``worker``: The worker process: ``python -m core.runs.working``, one run after another.
"""
