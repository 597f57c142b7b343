"""Which option should it be: from a question and a catalogue to an answer.

``advice/``: Which option is recommended within what is demanded, and why.
``answer/``: Which option is the cheapest at a volume, and what stands behind its bill.
``bare_replica/``: What one replica is before a question's texts: published rates, batches, queue.
``beliefs/``: How sure is each input, and where its range is from.
``capacity/``: How much one replica of an option carries, and how many it takes.
``demands/``: What the demands find of one option: it is known to break one, or nobody knows.
``flips/``: Which change of one input changes the answer.
``job/``: What a job that is done once costs, and how long it takes, by every way.
``load/``: What load a question means, asked or read from a file, and what is kept and sent of it.
``mine/``: What a person has already and what he pays: own machines by number, discounts, terms.
``options/``: What the chosen ids are as options, each with its bill.
``plan/``: When to move to which option, and what moving costs.
``relaxing/``: Where nobody suits: which one demand would have to give, and by how much.
``result/``: What the answers are made of: plain frozen values that pages and figures read.
``risk/``: How sure is the answer, and what is worth measuring first.
``seed_note/``: Whether the claims of the project's first note hold.
``streams/``: Who answers the queries and who embeds the documents, in one vector space.
``why/``: Why this is the answer: in three sentences, and who is out by what evidence.
``by_option``: What is known of an option by its id, where the id may name the model on a machine.
``case``: One question, ready to be answered: a scenario before a catalogue and what was measured.
``compare``: Every option's cost over volume, who leads where, and every break-even.
"""
