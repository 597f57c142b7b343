"""What a file of one's own use says of the load: volume, rhythm, peak and lengths.

``rows/``: How a file becomes rows with names: CSV, JSON, JSON lines, access logs, Parquet.
``choice``: Which streams of a file are the embedding load: what chat models were asked is none.
``columns``: Which column of an export says what: by the names that its maker documents, or by hand.
``frame_sums``: Rows of single requests, many at once: the plain ones together, the rest row by row.
``load_found``: What one's own use says of the load: volume, rhythm, peak and lengths.
``moments``: When a row happened: ISO 8601, Unix times, access logs, German and US dates, in any
    time zone.
``reading``: Reads a file of use from its first row to its last, and adds it up.
``sums``: The sums of a file of use: by stream and by hour. Nothing else of a row is kept.
``take_load``: Takes a load that was found into the question: whole, or not at all.
``use_remarks``: What was read of a file and what was not, in sentences.
"""
