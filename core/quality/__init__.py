"""Whether a model finds what one's own queries ask for: from vectors to figures with intervals.

``reading/``: How files of queries and documents are read: rows, columns, texts, and what is said of
    them.
``comparing``: Every candidate beside the first, over the queries that count for both.
``corpus``: One's own queries, their documents, and which document answers which query.
``example``: A small packaged test: questions to a shop, a landlord and a machine's maker, and
    answers.
``finding``: What a candidate finds of a part of the corpus.
``judging``: What several models find of the same queries, each beside the first.
``paired_bootstrap``: How far a mean over queries, or the difference of two models' means, can be
    trusted.
``pairs_file``: A person's own pairs of query and relevant document, read from small files.
``quality_words``: The sentences of a test of quality.
``ranking``: Which documents a model puts first for each query.
``retrieval_metrics``: How much of what is relevant stands among the first, and how high: recall@k
    and nDCG@k.
``side``: The vectors that one model gave for a test, as far as it came.
``vector_forms``: What is done to a model's vectors before they are compared: fewer dimensions,
    fewer bytes.
"""
