"""The catalogue's API prices beside those of other lists, and newer ones written down.

``genai_list``: The prices of the installed package genai-prices, read offline.
``litellm_list``: The prices of a copy of LiteLLM's map, a JSON file that somebody names.
``price_check``: Which prices disagree, which are old, and which models of theirs are missing here.
``price_list``: Somebody else's list of prices, by our providers and the API's own model names.
``price_refresh``: Newer prices as dated rows in one's own folder, never in the data that ships.
"""
