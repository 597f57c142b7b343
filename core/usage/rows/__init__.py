"""How a file becomes rows with names: CSV, JSON, JSON lines, access logs, Parquet.

``access_log``: Lines of an access log as nginx and Apache write them by default.
``csv_frames``: A large CSV in frames of many rows: the same rows as one at a time, and many times
    as quick.
``csv_rows``: Rows of a CSV, one at a time: no line, and no row of several lines, is longer than a
    piece.
``file_rows``: Rows of an export of requests: CSV, JSON, or JSON line by line, one at a time.
``mapped``: A file on a disk as bytes that are not in memory: parts that were read are let go of.
``parquet_rows``: Rows of a Parquet file, batch by batch.
``usage_answers``: Answers of monitoring and usage interfaces: elements of one JSON document become
    plain rows.
"""
