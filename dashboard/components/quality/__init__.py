"""How models are tested on a person's own pairs of query and relevant document.

``pairs_upload``: The pairs: files of one's own or the example that ships, and what was read.
``quality_candidates``: Who is tested: the first is whom all others are compared with.
``quality_form``: What is judged beside the vectors as they come, and the prefixes of each model.
``quality_panel``: The fold on the page Plan: pairs, candidates, start, and the newest test.
``quality_start``: What a test sends and may cost, and the button that starts it.
"""
