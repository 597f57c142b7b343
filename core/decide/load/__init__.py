"""What load a question means, asked or read from a file, and what is kept and sent of it.

``cut_vectors``: Vectors of which the first dimensions alone are kept (Matryoshka), and of whom they
    may be cut.
``rhythm``: When the scenario's load comes: hour by hour over the mean, and the peak that must be
    carried.
``storage_lines``: What keeping the vectors and moving them costs: the same model, the same bytes.
``text_load``: What a model makes of the scenario's texts: cut or split at its limit, billed,
    processed.
"""
