"""What an embedder becomes with another one inside: retried, batched, mixed.

``batching``: A batching server in this process: whoever waits is embedded together, as soon as it
    is free.
``hybrid_embedder``: A base of one's own with an API behind it: what the base cannot take at once
    spills over.
``local_embedder``: The model on this computer as an embedder: one replica that serves one request
    at a time.
``noting``: Remembers what hardware an API says that it answers on: a measurement belongs to it.
``retrying``: Sends a request again where it failed for a while: only if the plan asks for it, and
    counted.
"""
