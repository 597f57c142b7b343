"""What a sweep of a server found, from its samples alone.

``server_findings``: A sweep of a server in numbers: from its samples alone, so that a file of them
    says the same.
``server_load_findings``: What a server did under load: workers seen, rates, and the p95 predicted
    beside the measured.
``server_words``: A sweep of a server in words.
"""
