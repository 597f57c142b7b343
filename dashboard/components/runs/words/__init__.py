"""How a run is said in words, and its samples as rows.

``run_data``: A run's samples, made ready for charts, tables and files.
``run_schedule``: How a run asked, in words.
``run_text``: A run in words: what it was, how it went, on what it was measured.
``tested_words``: What a test of quality asked and found, in words.
"""
