# SPDX-License-Identifier: Apache-2.0
"""The part of the catalogue that holds the notes: each as it is made, in English, and in Dutch."""

from __future__ import annotations

NOTES: tuple[tuple[str, str], ...] = (
    (
        "the interval takes contacts of one customer as independent: it is too narrow where few customers come often",
        "het interval neemt contacten van een klant als onafhankelijk: het is te smal waar weinig klanten vaak komen",
    ),
    (
        "the window of {window} is not over for any of {n} contacts: too early to tell",
        "het venster van {window} is voor geen van {n} contacten om: te vroeg om iets te zeggen",
    ),
    (
        "Law 10/2025 asks for 95 of 100 calls over a year; its clock runs from the first second of the call, or from "
        "the request for a person in a menu: the wait must be measured so",
        "Wet 10/2025 vraagt 95 van de 100 oproepen over een jaar; haar klok loopt vanaf de eerste seconde van de "
        "oproep, of vanaf de vraag om een mens in een menu: zo moet de wachttijd gemeten zijn",
    ),
    (
        "answers and invitations must be of the same people: an answer may belong to an earlier send, and who does not "
        "answer may differ from who does",
        "antwoorden en uitnodigingen moeten van dezelfde mensen zijn: een antwoord kan bij een eerdere verzending "
        "horen, en wie niet antwoordt kan anders zijn dan wie dat wel doet",
    ),
    (
        '{n} of {of} waits in "{column}" are 0: does 0 mean that nobody waited?',
        '{n} van {of} wachttijden in "{column}" zijn 0: betekent 0 dat niemand wachtte?',
    ),
    (
        'the median of "{column}" is {hours} h: is the unit right?',
        'de mediaan van "{column}" is {hours} u: klopt de eenheid?',
    ),
    (
        'the last day of "{column}" ends at {time} and looks cut off',
        'de laatste dag van "{column}" eindigt om {time} en lijkt afgekapt',
    ),
    (
        'all times of "{column}" are at 00:00:00: they are dates, and say nothing of the time of day',
        'alle tijden van "{column}" zijn 00:00:00: het zijn datums, en ze zeggen niets over de tijd van de dag',
    ),
    (
        '{n} of {of} times of "{column}" are at exactly 00:00:00: are these dates without a time, or a way of writing '
        "none?",
        '{n} van {of} tijden van "{column}" zijn precies 00:00:00: is dat een datum zonder tijd, of geen?',
    ),
    (
        'local times of "{column}" that came twice when the clock went back: {n}; the earlier was taken',
        'plaatselijke tijden van "{column}" die twee keer kwamen toen de klok terugging: {n}; de eerste is genomen',
    ),
    (
        'local times of "{column}" that were jumped over when the clock went forward: {n}; they were shifted forward',
        'plaatselijke tijden van "{column}" die zijn overgeslagen toen de klok vooruitging: {n}; ze zijn opgeschoven',
    ),
    (
        '"{column}" = {label} contradicts "{clock}": {n} of its rows lie in {months}; group by "{instead}" instead',
        '"{column}" = {label} is in strijd met "{clock}": {n} van de rijen liggen in {months}; groepeer op "{instead}"',
    ),
    (
        "{column} has the name of {meaning}, but its values are not {what}: it is not read",
        "{column} heet als {meaning}, maar de waarden zijn niet wat daarbij hoort ({what}): niet gelezen",
    ),
    (
        "{n} of {of} values of {meaning} ({column}) are invalid ({share}): what needs them leaves such rows out",
        "{n} van {of} waarden van {meaning} ({column}) zijn ongeldig ({share}): wat ze nodig heeft, laat die rijen weg",
    ),
    (
        "{n} rows have no time and were left out by --from or --to",
        "{n} rijen hebben geen tijd en zijn weggelaten door --from of --to",
    ),
    (
        "days and hours are those of UTC: --tz {tz} makes them local",
        "dagen en uren zijn die van UTC: --tz {tz} maakt ze plaatselijk",
    ),
    ("the file was cut off: what follows is not known", "het bestand is afgekapt: wat volgt, is onbekend"),
    (
        "{file} was cut off: what came before the cut is read",
        "{file} is afgekapt: gelezen is wat voor het einde stond",
    ),
    (
        "a yes or no of answers does not say who left: no {formulas}",
        "een ja of nee bij beantwoord zegt niet wie ophing: geen {formulas}",
    ),
    (
        "lines that are not of a queue_log, left out: {n} of {of}; the first is {file} line {line}: {reason}",
        "regels die niet van een queue_log zijn, weggelaten: {n} van {of}; de eerste is {file} regel {line}: {reason}",
    ),
    (
        "lines of contacts that stand in the log twice, used once: {n}",
        "regels van contacten die twee keer in het logboek staan, een keer gebruikt: {n}",
    ),
    (
        "events of calls whose entry is not in the data (it begins in their middle, or lines are lost): {n}",
        "gebeurtenissen van oproepen waarvan het begin niet in de gegevens staat (die beginnen midden in de oproep, of "
        "er zijn regels weg): {n}",
    ),
)  # fmt: skip
