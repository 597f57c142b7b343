"""What a person has already and what he pays: own machines by number, discounts, terms.

``already_there``: Cards and machines that are one's own already, by number: what they cost is
    spent.
``hourly``: A machine's price as one of an hour, whatever it is billed by.
``negotiating``: A discount that one has, and one that should be asked for.
``reserving``: Machines that are reserved for a term: at the price that is published for it, or at a
    typed one.
"""
