"""Which addresses may be called, however they are spelt.

``egress``: Which addresses the probe may call: judged before the first byte leaves.
``hosts``: What the host of an address means, however somebody spells it.
``judgement``: Whether an IP address may be called, whatever form it is written in.
``networks``: Which network an IP address is in, by a table of our own: what each is, and who says
    so.
"""
