"""``python -m core.runs.working``: a worker, whose imports are not searched for garbage."""

from core.uncollected import uncollected

with uncollected():
    from core.runs.working.worker import main

if __name__ == "__main__":
    main()
