# SPDX-License-Identifier: Apache-2.0
"""The part of the catalogue for calls that go through several queues: what is counted then are stays in a queue.

A text stands beside the one of contacts or callers that it replaces: ``worst`` and ``worst_level_stays``. Those of
the service level have a kind of their own, as a law's follows the customer through all queues.
"""

from __future__ import annotations

LEVEL = {
    # sentences
    "say_late_left": (
        "{share} not answered within {within}: {count} of {n}, of which {left} ended with a caller who left.",
        "{share} niet binnen {within} beantwoord: {count} van {n}; daarvan {left} opgehangen zonder antwoord.",
    ),
    "late_one_in": ("One in every {k} stays in a queue was", "Eén op de {k} keer in een wachtrij werd er"),
    "late_share": ("{a} in every {b} stays in a queue were", "{a} van de {b} keer in een wachtrij werd er"),
    "late_percent": ("{percent} of the stays in a queue were", "{percent} van de keren in een wachtrij werd er"),
    # when it hurts
    "hurts_heat": (
        "Service level in per cent, {formula}, by day and half hour. Darker is worse. Grey italics: fewer than 30 "
        "stays; fewer than 10 are written as counts.",
        "Serviceniveau in procenten, {formula}, per dag en half uur. Donkerder is slechter. Grijs cursief: minder dan "
        "30 keer in een wachtrij; minder dan 10 staan er als aantallen.",
    ),
    "hurts_profile": (
        "All days together: {formula}, with the {level}\u00a0% interval as a band; beneath it the stays that began.",
        "Alle dagen samen: {formula}, met het {level}\u00a0%-interval als band; eronder hoe vaak een contact in een "
        "wachtrij kwam.",
    ),
    "axis_contacts": ("stays in a queue", "keer in een wachtrij"),
    "col_contacts": ("stays", "keren"),
    "worst": (
        "The five half hours with most stays in a queue not answered within {within}",
        "De vijf halve uren waarin het vaakst niet binnen {within} is beantwoord",
    ),
    "worst_few": (
        "The half hours with most stays in a queue not answered within {within}",
        "De halve uren waarin het vaakst niet binnen {within} is beantwoord",
    ),
    "worst_people": ("stays not answered within {within}", "keer niet binnen {within} beantwoord"),
    # formulas
    "formulas_caption": (
        "The same stays in a queue by the formula of each system. Find your supplier's, and read what it counts "
        "otherwise.",
        "Dezelfde keren in een wachtrij volgens de formule van elk systeem. Zoek die van uw leverancier en lees wat "
        "hij anders telt.",
    ),
    "same_contacts": ("nothing: the same stays", "niets: dezelfde keren"),
    "col_differs": ("unlike all offered stays", "anders dan alle keren"),
    "formula_service_level_offered": (
        "answered within {within} \u00f7 all offered stays in a queue",
        "beantwoord binnen {within} \u00f7 alle keren in een wachtrij",
    ),
    "formula_service_level_answered_only": (
        "answered within {within} \u00f7 answered stays in a queue only",
        "beantwoord binnen {within} \u00f7 alleen beantwoorde keren in een wachtrij",
    ),
    "formula_service_level_es_law_10_2025": (
        "answered within {within} \u00f7 all offered stays in a queue (Spain, Law 10/2025)",
        "beantwoord binnen {within} \u00f7 alle keren in een wachtrij (Spanje, wet 10/2025)",
    ),
    "made_more_service_level": (
        "The same stays in a queue by {n} other formulas",
        "Dezelfde keren in een wachtrij volgens {n} andere formules",
    ),
    # groups
    "groups_caption": (
        "{formula}. A dot is the value, its line the {level}\u00a0% interval, the dotted line all stays; sorted by "
        "stays not answered within {within}, late or gone. Grey: fewer than 30 stays. Fewer than 10: counts only.",
        "{formula}. Een stip is de waarde, de lijn het {level}\u00a0%-interval, de stippellijn alle keren; gesorteerd "
        "op hoe vaak niet binnen {within} is beantwoord, te laat of weg. Grijs: minder dan 30 keer. Minder dan 10: "
        "alleen aantallen.",
    ),
}
OTHERS = {
    "light_contacts": ("{n} stays in a queue", "{n} keer in een wachtrij"),
    # where no waits say who was late
    "say_abandoned": (
        "{share} ended with a caller who left without an answer: {count} of {n}.",
        "{share}: opgehangen zonder antwoord, {count} van {n}.",
    ),
    "callers_one_in": ("One in every {k} stays in a queue", "Eén op de {k} keer in een wachtrij"),
    "callers_share": ("{a} in every {b} stays in a queue", "{a} van de {b} keer in een wachtrij"),
    "callers_percent": ("{percent} of the stays in a queue", "{percent} van de keren in een wachtrij"),
    "waiting_caption": (
        "Share of the stays in a queue that were over by then. Answered: n = {answered}; left without an answer: "
        "n = {abandoned}. The seconds are on a logarithmic axis.",
        "Aandeel van de keren in een wachtrij waarvan het wachten dan voorbij was. Beantwoord: n = {answered}; "
        "opgehangen: n = {abandoned}. De seconden staan op een logaritmische as.",
    ),
    "waiting_caption_one": (
        "Share of the stays in a queue that were over by then. Answered: n = {answered}. The seconds are on a "
        "logarithmic axis.",
        "Aandeel van de keren in een wachtrij waarvan het wachten dan voorbij was. Beantwoord: n = {answered}. De "
        "seconden staan op een logaritmische as.",
    ),
    "waiting_transfers": (
        "After {counts} of the answered stays in a queue an agent passed the call on.",
        "Na {counts} van de beantwoorde keren in een wachtrij verbond een medewerker door.",
    ),
    "formula_abandonment_offered": (
        "abandoned \u00f7 all offered stays in a queue",
        "opgehangen \u00f7 alle keren in een wachtrij",
    ),
    "formula_wait_time_answered": (
        "the wait that half of the answered stays in a queue did not exceed",
        "de wachttijd die de helft van de beantwoorde keren in een wachtrij niet overschreed",
    ),
    "formula_wait_time_abandoned": (
        "the wait that half of the stays whose caller left did not exceed",
        "de wachttijd die de helft van de keren met een ophanger niet overschreed",
    ),
    "formula_wait_time_all": (
        "the wait that half of all stays in a queue did not exceed",
        "de wachttijd die de helft van alle keren in een wachtrij niet overschreed",
    ),
}
STAYS: dict[str, tuple[str, str]] = {
    **{f"{key}_level_stays": texts for key, texts in LEVEL.items()},
    **{f"{key}_stays": texts for key, texts in OTHERS.items()},
}
