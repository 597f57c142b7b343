"""What the first screen shows.

``certainty_text``: How sure the verdict is, in words: where its cost may lie, its chance, what
    being wrong costs.
``cheaper_hint``: A cheaper one is in the catalogue: said where the answer is, added with one click.
``cost_panel``: The break-even chart with the volume slider, its switch and the table behind it.
``day_panel``: Over the day: what the replicas of one self-hosted option do hour by hour.
``latency_panel``: Measured and published latencies beside the cost, and the button that measures.
``model_change``: What a step from one model to another means, beside what it saves.
``option_table``: The options as a table: every number of the charts, downloadable, with its source.
``provenance_box``: Where every number comes from: address, date, kind, confidence and the exact
    words.
``streams_panel``: Queries and documents: who answers the ones and embeds the others, in one vector
    space.
``verdict_box``: The answer, first on the page.
``verdict_text``: The verdict as sentences. Every number in them is computed; none is written here.
``why_panel``: Why this is the answer: three sentences, and who is out by what evidence; folded.
"""
