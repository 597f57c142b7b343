"""Which option is recommended within what is demanded, and why.

``hybrids/``: Which hybrid of the catalogue costs less than the answer.
``catalogue_options``: Everything that the catalogue could be compared as: every machine with every
    model, every API.
``cheaper_elsewhere``: Whether the catalogue sells what is asked for less than what was compared.
``constraints``: What an option must satisfy besides being cheap, and by how much it fails.
``cost_latency_front``: The Pareto front of the feasible options in cost, latency and quality:
    beaten by no other.
``least_bill``: What an option costs at least: cheap to say, and never above its bill.
``own_quality``: Whether an option finds enough of one's own queries: judged by its interval, not by
    its mean.
``peak_work``: The least that a volume costs where cards work at their peak: numbers alone, or whole
    columns.
``recommend``: What to use now: the cheapest option that satisfies what is demanded; or to stay.
``recommend_result``: What is recommended, why, and what else there is.
``violation``: Why an option is out, and what would let it in.
"""
