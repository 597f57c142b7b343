"""How sure is the answer, and what is worth measuring first.

``analyse_risk``: What could change the answer: chances, bands, and what each input is worth to
    know.
``by_mean``: The options of a question on average: their means, their leads, and the axis, each
    drawn once.
``certainty``: How sure the answer is, as the first screen says it: the parts of ``risk`` that it
    needs.
``draws``: Common random numbers: the same uniform draws from 0 to 1 for every question.
``kept_factors``: What drawn inputs make of every bill, kept: a step of the volume draws nothing
    anew.
``long_risk``: The same analysis from a million samples, in batches: it can be watched and stopped.
``margins``: By how much the answer at the stated values is cheaper than the best other option.
``mean_costs``: What each option costs on average over the ranges of its inputs: what every decision
    rests on.
``mean_leads``: Who costs least on average, along the whole volume axis.
``risk_methods``: Two ways to look at what is not known: many draws, or every state where there are
    few.
``risk_model``: From drawn inputs to the costs of all options: the one place where beliefs act on
    bills.
``volume_risk``: Chances and bands along the volume axis, and where self-hosting first gets ahead.
"""
