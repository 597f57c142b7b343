"""What load a question means, asked or read from a file, and what is kept and sent of it.

``request_columns``: Which column of an export is the time of a request, and which is its length.
``request_csv``: Rows of a CSV, one at a time: no line, and no row of several lines, is longer than
    a piece.
``request_file``: An export of requests as bytes, from a gateway or a log: CSV, JSON, or JSON line
    by line.
``request_import``: What a user's own requests say of their load: volume, rhythm, peak and lengths.
``request_rows``: Rows of an export of requests: CSV, JSON, or JSON line by line, one at a time.
``rhythm``: When the scenario's load comes: hour by hour over the mean, and the peak that must be
    carried.
``storage_lines``: What keeping the vectors and moving them costs: the same model, the same bytes.
``text_load``: What a model makes of the scenario's texts: cut or split at its limit, billed,
    processed.
"""
