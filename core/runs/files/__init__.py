"""How runs travel to another computer and back.

``importing``: Brings runs from a file into the store: each once, as measured elsewhere.
``run_file``: Runs as a file: what is measured in one place is looked at, and compared, in another.
``run_file_reading``: Reads a file of runs one run after the other, and each sample by itself.
"""
