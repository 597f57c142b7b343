"""Which addresses may be called, however they are spelt.

``allowed_entries``: What an owner may allow beyond the public internet, as it is typed: networks,
    hosts, suffixes.
``egress``: Which addresses the probe may call: judged before the first byte leaves.
``hosts``: What the host of an address means, however somebody spells it.
``judgement``: Whether an IP address may be called, whatever form it is written in.
``networks``: Which network an IP address is in, by a table of our own: what each is, and who says
    so.
``reach``: What beyond the public internet may be called: by an owner's setting, or typed for this
    run.
"""
