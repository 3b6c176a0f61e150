# SPDX-License-Identifier: Apache-2.0
"""The one catalogue of what people read, in English and Dutch.

Identifiers (metric names, outcomes in JSON, column names) are never translated; only what stands on the page is.
"""

from __future__ import annotations

from .catalogue_figures import FIGURES
from .catalogue_stays import STAYS

_MORE = FIGURES | STAYS

CATALOGUE: dict[str, tuple[str, str]] = {
    # head
    "page": ("Scorecard", "Scorekaart"),
    "page_of": ("Scorecard of {organisation}", "Scorekaart van {organisation}"),
    "skip": ("Skip to the figures", "Ga naar de cijfers"),
    "period": ("Period", "Periode"),
    "zone": ("clock of {tz}", "klok van {tz}"),
    "whole_yes": ("whole days", "hele dagen"),
    "whole_no": ("the first or the last day is cut off", "de eerste of de laatste dag is afgekapt"),
    "whole_unknown": ("not known whether whole days", "onbekend of het hele dagen zijn"),
    "files": ("Files read", "Gelezen bestanden"),
    "file_line": ("{n} rows as {kind}", "{n} rijen als {kind}"),
    "file_line_one": ("{n} row as {kind}", "{n} rij als {kind}"),
    "light_rows": ("{n} rows", "{n} rijen"),
    "light_rows_one": ("{n} row", "{n} rij"),
    "light_contacts": ("{n} contacts", "{n} contacten"),
    "light_both": ("{n} stays in a queue of {contacts} contacts", "{n} keer in een wachtrij van {contacts} contacten"),
    "light_contacts_one": ("{n} contact", "{n} contact"),
    "light_answers": ("{n} survey answers", "{n} antwoorden op de enquête"),
    "light_answers_one": ("{n} survey answer", "{n} antwoord op de enquête"),
    "light_offered": ("{n} offered", "{n} aangeboden"),
    "light_missing": ("{n} without a score", "{n} zonder score"),
    "light_missing_contacts": ("{n} without a needed value", "{n} zonder een nodige waarde"),
    "light_invalid": ("{n} invalid", "{n} ongeldig"),
    "light_invalid_lines": ("{n} lines invalid", "{n} regels ongeldig"),
    "light_invalid_lines_one": ("{n} line invalid", "{n} regel ongeldig"),
    "light_invalid_some": (
        "of these rows, {n} with an invalid value in another column",
        "van deze rijen {n} met een ongeldige waarde in een andere kolom",
    ),
    "light_outside": ("{n} outside the period asked for", "{n} buiten de gevraagde periode"),
    "light_spoilt": (
        "Beware: {n} of {rows} values of {column} are invalid; the figures that need them leave such rows out.",
        "Let op: {n} van {rows} waarden van {column} zijn ongeldig; cijfers die ze nodig hebben, laten die rijen weg.",
    ),
    "light_cut": (
        "the file was cut off, so what is invalid is not known",
        "het bestand is afgekapt, dus wat ongeldig is, is onbekend",
    ),
    "kind_queue_log": ("queue log", "wachtrijlogboek"),
    "kind_contacts": ("contacts", "contacten"),
    "kind_answers": ("survey answers", "enquêteantwoorden"),
    "no_period": ("no clock in the data", "geen klok in de gegevens"),
    # sentences
    "in_short": ("In short", "In het kort"),
    "too_few": ("Too few to say anything (n = {n}).", "Te weinig om iets te zeggen (n = {n})."),
    "nothing_stands_out": (
        "Nothing stands out, and there are no two whole periods to compare (n = {n}).",
        "Niets valt op, en er zijn geen twee hele perioden om te vergelijken (n = {n}).",
    ),
    "no_clear_change": ("No clear change (n = {n}).", "Geen duidelijke verandering (n = {n})."),
    "say_late": (
        "{share} not answered within {within}: {count} of {n}.",
        "{share} niet binnen {within} beantwoord: {count} van {n}.",
    ),
    "say_late_left": (
        "{share} not answered within {within}: {count} of {n}, of whom {left} left without an answer.",
        "{share} niet binnen {within} beantwoord: {count} van {n}; daarvan {left} opgehangen zonder antwoord.",
    ),
    "say_worse": (
        "{where} {share} were answered within {within}: {count} of {n}, against {all} of all.",
        "{where} werd {share} binnen {within} beantwoord: {count} van {n}, tegen {all} van allemaal.",
    ),
    "in_hours": ("In the half hours from {start} to {end}", "In de halve uren van {start} tot {end}"),
    "in_group": ("In {group},", "In {group}"),
    "say_abandoned": (
        "{share} who waited left without an answer: {count} of {n}.",
        "{share}: opgehangen zonder antwoord, {count} van {n}.",
    ),
    "say_repeat": (
        "{share} followed by another of the same customer within {days} days: {count} of {n} whose {days} days are "
        "over.",
        "{share} gevolgd door een contact van dezelfde klant binnen {days} dagen: {count} van {n} waarvan de {days} "
        "dagen om zijn.",
    ),
    "say_nps_negative": (
        "More customers advise against us than for us: {detractors} detractors, {promoters} promoters, "
        "NPS {value} (n = {n}).",
        "Meer klanten raden ons af dan aan: {detractors} criticasters, {promoters} promotors, NPS {value} (n = {n}).",
    ),
    "say_change_down": (
        "{figure} fell by {value} in {period} against {baseline} (95\u00a0% interval {low} to {high}).",
        "{figure} daalde met {value} in {period} ten opzichte van {baseline} (95\u00a0%-interval {low} tot {high}).",
    ),
    "say_change_up": (
        "{figure} rose by {value} in {period} against {baseline} (95\u00a0% interval {low} to {high}).",
        "{figure} steeg met {value} in {period} ten opzichte van {baseline} (95\u00a0%-interval {low} tot {high}).",
    ),
    "callers_one_in": ("One caller in {k}", "Eén op de {k} bellers"),
    "callers_share": ("{a} callers in {b}", "{a} van de {b} bellers"),
    "late_one_in": ("One caller in {k} was", "Eén op de {k} bellers werd"),
    "late_share": ("{a} callers in {b} were", "{a} van de {b} bellers werden"),
    "late_percent": ("{percent} of the callers were", "{percent} van de bellers werd"),
    "contacts_one_in": ("One contact in {k} was", "Eén op de {k} contacten werd"),
    "contacts_share": ("{a} contacts in {b} were", "{a} van de {b} contacten werden"),
    "contacts_percent": ("{percent} of the contacts were", "{percent} van de contacten werd"),
    "callers_percent": ("{percent} of the callers", "{percent} van de bellers"),
    "fewer_quarter": ("fewer than a quarter", "minder dan een kwart"),
    "fewer_third": ("fewer than a third", "minder dan een derde"),
    "fewer_half": ("fewer than half", "minder dan de helft"),
    "fewer_two_thirds": ("fewer than two thirds", "minder dan twee derde"),
    "fewer_three_quarters": ("fewer than three quarters", "minder dan driekwart"),
    "only_percent": ("{percent}", "{percent}"),
    # tiles
    "key_figures": ("Key figures", "Kerncijfers"),
    "tile_service_level": ("Answered within {within}", "Beantwoord binnen {within}"),
    "tile_service_level_above": ("In time within {within}", "Op tijd binnen {within}"),
    "tile_wait": ("Waiting until answered", "Wachttijd tot antwoord"),
    "tile_abandonment": ("Left without an answer", "Opgehangen zonder antwoord"),
    "tile_fcr": ("Not back within {days} days", "Niet terug binnen {days} dagen"),
    "interval": ("{level}\u00a0% interval {low} to {high}", "{level}\u00a0%-interval {low} tot {high}"),
    "interval_short": ("{low}\u00a0to\u00a0{high}", "{low}\u00a0tot\u00a0{high}"),
    "n": ("n = {n}", "n = {n}"),
    "n_wait": ("n = {n}, with {level}\u00a0% intervals", "n = {n}, met {level}\u00a0%-intervallen"),
    "n_matured": (
        "n = {n} whose {days} days are over, {pending} pending",
        "n = {n} waarvan de {days} dagen om zijn, {pending} lopen nog",
    ),
    "n_unknown": ("{n} without a known customer left out", "{n} zonder bekende klant weggelaten"),
    "n_pending": ("{n} still waiting, undecided", "{n} wachten nog, onbeslist"),
    "not_yet": ("not known yet", "nog niet bekend"),
    "no_contacts": ("no contacts", "geen contacten"),
    "none_counted": ("none counted", "geen geteld"),
    "no_answers": ("no answers", "geen antwoorden"),
    "of_count": ("{count} of {n}", "{count} van {n}"),
    "p50": ("half within", "de helft binnen"),
    "p90": ("nine in ten within", "negen op de tien binnen"),
    "longest": ("longest of all", "langste van alle"),
    "change_none": (
        "No change between two whole periods that has an interval.",
        "Geen verandering tussen twee hele perioden die een interval heeft.",
    ),
    "change_against": ("{period} against {baseline}", "{period} tegen {baseline}"),
    "change_unclear": ("no clear change", "geen duidelijke verandering"),
    "points": ("points", "punten"),
    "change_of_p50": ("median", "mediaan"),
    # when it hurts
    "hurts": ("When it hurts", "Wanneer het knelt"),
    "hurts_heat": (
        "Service level in per cent, {formula}, by day and half hour. Darker is worse. Grey italics: fewer than 30 "
        "contacts; fewer than 10 are written as counts.",
        "Serviceniveau in procenten, {formula}, per dag en half uur. Donkerder is slechter. Grijs cursief: minder dan "
        "30 contacten; minder dan 10 staan er als aantallen.",
    ),
    "hurts_profile": (
        "All days together: {formula}, with the {level}\u00a0% interval as a band; beneath it the contacts that "
        "entered.",
        "Alle dagen samen: {formula}, met het {level}\u00a0%-interval als band; eronder de binnengekomen contacten.",
    ),
    "axis_service_level": ("within {within}, %", "binnen {within}, %"),
    "axis_contacts": ("contacts", "contacten"),
    "all_days": ("all days: {value}", "alle dagen: {value}"),
    "worst": (
        "The five half hours with most callers not answered within {within}",
        "De vijf halve uren met de meeste bellers niet binnen {within} beantwoord",
    ),
    "worst_few": (
        "The half hours with most callers not answered within {within}",
        "De halve uren met de meeste bellers niet binnen {within} beantwoord",
    ),
    "worst_people": ("callers not answered within {within}", "bellers niet binnen {within} beantwoord"),
    "worst_offered": ("of offered", "van aangeboden"),
    "worst_dates": ("days", "dagen"),
    # waiting
    "waiting": ("How long people waited", "Hoe lang mensen wachtten"),
    "waiting_caption": (
        "Share of the contacts whose wait was over by then. Answered: n = {answered}; left without an answer: "
        "n = {abandoned}. The seconds are on a logarithmic axis.",
        "Aandeel van de contacten waarvan het wachten dan voorbij was. Beantwoord: n = {answered}; opgehangen: "
        "n = {abandoned}. De seconden staan op een logaritmische as.",
    ),
    "waiting_caption_one": (
        "Share of the contacts whose wait was over by then. Answered: n = {answered}. The seconds are on a "
        "logarithmic axis.",
        "Aandeel van de contacten waarvan het wachten dan voorbij was. Beantwoord: n = {answered}. De seconden "
        "staan op een logaritmische as.",
    ),
    "waiting_legs": (
        "{more} of {contacts} contacts went through more than one queue. From the first queue on, half of the answered "
        "waited at most {p50}, the longest {longest}.",
        "{more} van {contacts} contacten gingen door meer dan een wachtrij. Vanaf de eerste wachtrij wachtte de helft "
        "van de beantwoorde hooguit {p50}, de langste {longest}.",
    ),
    "waiting_transfers": (
        "Agents passed on {counts} of the answered contacts.",
        "Medewerkers verbonden {counts} van de beantwoorde contacten door.",
    ),
    "curve_answered": ("answered", "beantwoord"),
    "curve_abandoned": ("left", "opgehangen"),
    "threshold": ("threshold {within}", "grens {within}"),
    "mean_mark": ("mean {value}", "gemiddelde {value}"),
    "axis_wait": ("waited at most", "hooguit gewacht"),
    "axis_over": ("wait over, %", "wachten voorbij, %"),
    # same calls, other formulas
    "formulas": ("Same calls, other formulas", "Dezelfde oproepen, andere formules"),
    "formulas_caption": (
        "The same contacts by the formula of each system. Find your supplier's, and read what it counts otherwise.",
        "Dezelfde contacten volgens de formule van elk systeem. Zoek die van uw leverancier en lees wat hij anders "
        "telt.",
    ),
    "formulas_why": ("The counts behind all of them: {list}.", "De aantallen achter al deze cijfers: {list}."),
    "of_which_within": ("{n} of them within {within}", "waarvan {n} binnen {within}"),
    "still_waiting": (
        "still waiting after {within} when the data end",
        "na {within} nog wachtend aan het eind van de gegevens",
    ),
    "part_within": ("within {within}", "binnen {within}"),
    "part_beyond": ("after {within}", "na {within}"),
    "more_above": ("counts as in time {list}", "telt als op tijd {list}"),
    "less_above": ("counts as late {list}", "telt als te laat {list}"),
    "same_contacts": ("nothing: the same contacts", "niets: dezelfde contacten"),
    "answered_otherwise": (
        "answered between {within} and its own threshold",
        "beantwoord tussen {within} en de eigen grens",
    ),
    "more_below": ("also divides by {list}", "deelt ook door {list}"),
    "less_below": ("leaves out {list}", "laat weg {list}"),
    "col_above": ("in time", "op tijd"),
    "col_differs": ("unlike all offered contacts", "anders dan alle aangeboden contacten"),
    "col_formula": ("formula", "formule"),
    "col_value": ("value", "waarde"),
    "col_within": ("answered within {within}", "beantwoord binnen {within}"),
    "col_n": ("divided by", "gedeeld door"),
    # groups
    "groups": ("By {by}", "Per {by}"),
    "groups_caption": (
        "{formula}. A dot is the value, its line the {level}\u00a0% interval, the dotted line all contacts; sorted by "
        "callers not answered within {within}, late or gone. Grey: fewer than 30 contacts. Fewer than 10: counts only.",
        "{formula}. Een stip is de waarde, de lijn het {level}\u00a0%-interval, de stippellijn alle contacten; "
        "gesorteerd op bellers die niet binnen {within} zijn beantwoord, te laat of weg. Grijs: minder dan 30 "
        "contacten. Minder dan 10: alleen aantallen.",
    ),
    "groups_more": (
        "Not shown: {n} more groups; the JSON has them all.",
        "Niet getoond: nog {n} groepen; de JSON heeft ze alle.",
    ),
    "groups_more_one": (
        "Not shown: {n} more group; the JSON has them all.",
        "Niet getoond: nog {n} groep; de JSON heeft ze alle.",
    ),
    "unknown_group": ("not known", "onbekend"),
    "col_contacts": ("contacts", "contacten"),
    "col_late": ("late or gone", "te laat of weg"),
    "col_people": ("not answered within {within}", "niet binnen {within} beantwoord"),
    # voice
    "voice": ("Voice of customers", "De stem van klanten"),
    "voice_scores": (
        "All {n} answers by score. NPS is the share of 9 and 10 minus the share of 0 to 6.",
        "Alle {n} antwoorden per score. NPS is het aandeel 9 en 10 min het aandeel 0 tot en met 6.",
    ),
    "detractors": ("detractors, 0 to 6", "criticasters, 0 tot en met 6"),
    "passives": ("passives, 7 and 8", "passief tevredenen, 7 en 8"),
    "promoters": ("promoters, 9 and 10", "promotors, 9 en 10"),
    "nps": ("NPS", "NPS"),
    "voice_missing": (
        "{n} of {rows} survey rows without a score; {sent}.",
        "{n} van {rows} enquêterijen zonder score; {sent}.",
    ),
    "voice_complete": (
        "No survey row without a score (of {rows}); {sent}.",
        "Geen enquêterij zonder score (van {rows}); {sent}.",
    ),
    "voice_not_sent": (
        "how many surveys were sent is not in the data",
        "hoeveel enquêtes zijn verstuurd, staat niet in de gegevens",
    ),
    "voice_sent": (
        "of {sent} surveys that were sent, {n} were answered ({rate})",
        "van {sent} enquêtes die zijn verstuurd, zijn er {n} beantwoord ({rate})",
    ),
    "voice_invalid": (
        "Not a whole number from 0 to 10, and not counted: {n}.",
        "Geen heel getal van 0 tot en met 10, en niet meegeteld: {n}.",
    ),
    "voice_periods": (
        "NPS by {every} with its {level}\u00a0% interval; the small number is n. Hollow and dashed: not whole.",
        "NPS per {every} met het {level}\u00a0%-interval; het kleine getal is n. Open en gestreept: niet heel.",
    ),
    "voice_periods_last": (
        "NPS by {every} with its {level}\u00a0% interval, the last {shown} of {of}; the small number is n. "
        "Hollow and dashed: not whole.",
        "NPS per {every} met het {level}\u00a0%-interval, de laatste {shown} van {of}; het kleine getal is n. "
        "Open en gestreept: niet heel.",
    ),
    "every_1d": ("day", "dag"),
    "every_1w": ("week (from Monday)", "week (vanaf maandag)"),
    "every_1mo": ("month", "maand"),
    "every_1q": ("quarter", "kwartaal"),
    "every_1y": ("year", "jaar"),
    "voice_groups": (
        "NPS by {by}, with its {level}\u00a0% interval; the most detractors first",
        "NPS per {by}, met het {level}\u00a0%-interval; de meeste criticasters eerst",
    ),
    "voice_groups_note": (
        "Grey: fewer than 30 answers. Fewer than 10: counts only.",
        "Grijs: minder dan 30 antwoorden. Minder dan 10: alleen aantallen.",
    ),
    "split_caption": (
        "What the change of the NPS is made of, {period} against {baseline}, by {by}",
        "Waaruit de verandering van de NPS bestaat, {period} tegen {baseline}, per {by}",
    ),
    "split_mix": (
        "mix: other shares of the answers by {by}",
        "mix: andere aandelen van de antwoorden per {by}",
    ),
    "split_within": ("within {by}", "binnen {by}"),
    "split_change": ("the change, the sum of both", "de verandering, de som van beide"),
    "split_groups": ("The figures behind it, by {by}", "De cijfers erachter, per {by}"),
    "col_part": ("part", "deel"),
    "col_points": ("points", "punten"),
    "counts_nps": (
        "promoters {promoters}, detractors {detractors}, of {n}",
        "promotors {promoters}, criticasters {detractors}, van {n}",
    ),
    "col_answers": ("answers", "antwoorden"),
    "not_whole": ("not whole", "niet heel"),
    # came back
    "back": ("Came back", "Kwam terug"),
    "back_caption": (
        "Share of contacts followed by another contact of the same customer within 1, 7, 14 and 30 days, with the "
        "{level}\u00a0% interval. Each point counts only contacts whose days are over.",
        "Aandeel contacten dat binnen 1, 7, 14 en 30 dagen werd gevolgd door een contact van dezelfde klant, met het "
        "{level}\u00a0%-interval. Elk punt telt alleen contacten waarvan de dagen om zijn.",
    ),
    "back_unknown": (
        "Without a known customer, and left out: {n} of {contacts} contacts.",
        "Zonder bekende klant, en weggelaten: {n} van {contacts} contacten.",
    ),
    "back_reasons": (
        "After which reason most came back within {days} days, for whatever reason, with the {level}\u00a0% interval "
        "({shown} of {of}).",
        "Na welke reden de meesten binnen {days} dagen terugkwamen, waarvoor dan ook, met het {level}\u00a0%-interval "
        "({shown} van {of}).",
    ),
    "no_reason": ("no reason", "geen reden"),
    "back_dependent": (
        "The interval takes the contacts of one customer as independent, which they are not quite.",
        "Het interval neemt contacten van een klant als onafhankelijk, wat ze niet helemaal zijn.",
    ),
    "back_no_window": (
        "within {n} days: no contact is that old yet",
        "binnen {n} dagen: nog geen contact is zo oud",
    ),
    "back_no_window_one": (
        "within {n} day: no contact is that old yet",
        "binnen {n} dag: nog geen contact is zo oud",
    ),
    "axis_days": ("days after the contact", "dagen na het contact"),
    "axis_back": ("came back, %", "kwam terug, %"),
    "within_days": ("within {days} days", "binnen {days} dagen"),
    "within_day": ("within 1 day", "binnen 1 dag"),
    # tables behind pictures
    "table_behind": ("The table behind this picture", "De tabel achter deze figuur"),
    "col_weekday": ("day", "dag"),
    "col_start": ("half hour", "half uur"),
    "col_period": ("from", "vanaf"),
    "col_share": ("share", "aandeel"),
    "col_wait": ("waited at most", "hooguit gewacht"),
    "col_answered": ("answered", "beantwoord"),
    "col_abandoned": ("left", "opgehangen"),
    "col_score": ("score", "score"),
    "col_window": ("window", "venster"),
    "col_repeat": ("came back", "kwam terug"),
    "col_pending": ("pending", "lopend"),
    "col_matured": ("days over", "dagen om"),
    # groups and lists
    "by_queue": ("queue", "wachtrij"),
    "by_stage": ("stage", "fase"),
    "by_channel": ("channel", "kanaal"),
    "by_team": ("team", "team"),
    "and": ("and", "en"),
    "to": ("to", "tot"),
} | _MORE

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
}  # fmt: skip
NUMBERS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "nl": ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
}
