"""How a test of quality is run: whom it asks for which vectors, and what it finds.

``quality_job``: What a test of quality sends: the texts as each target wants them, and the upper
    bound of it.
``run_quality``: Carries a test of quality out: every target embeds the texts, and what it finds is
    judged.
"""
