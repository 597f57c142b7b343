"""What a server says where it refuses: its own sentence, made fit to be kept, and what it means.

``cleaned``: The server's own sentence without keys, texts and what cannot be seen: it is stored and
    shown.
``common_runs``: Where two texts have a stretch of characters in common.
``key_shapes``: What looks like a key, whoever's it is: servers repeat the one that they refuse.
``message``: The one sentence for a person in the body of a refusal, whatever its form.
``size_limits``: A refusal for the size of a request, and the limit that it states.
"""
