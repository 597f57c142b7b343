"""Who may be given a key, and whose measurement a run is.

``claims``: A run is of what it was sent to, whatever its subject claims.
``confirmed``: Servers that a person confirmed on this computer, kept beside the database.
``key_hosts``: A provider's key goes to that provider's server, and to no other.
``looked_up``: What a name means now, judged before a worker is started for it.
``origin``: Where a request goes: scheme, host and port, which is what a key is bound to.
``own_catalog``: The catalogue with the user's own options, read anew when a file of them changes.
``secret_names``: Which variables of the environment hold a secret, by their names.
``shipped``: The catalogue that ships with the product: what is trusted with a key, and at what
    price.
``stands_for``: Which option a server is, by a person's word on this computer: its sweep then
    measures it.
"""
