"""What is secret here, and how it is kept out of all that is written.

``known_secrets``: What is secret here: the catalogue's keys, the database's password, the proxy's.
``own_run``: The one door by which a worker writes of its run: nothing passes it with a part of a
    secret.
``secrecy``: Redaction: secrets, and parts of them, are kept out of all that is printed and stored.
``secret_forms``: The shapes in which a secret may come back: as it is, in an address, encoded.
"""
