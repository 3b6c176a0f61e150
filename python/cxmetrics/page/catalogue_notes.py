# SPDX-License-Identifier: Apache-2.0
"""The part of the catalogue that holds the notes: each as it is made, in English, and in Dutch."""

from __future__ import annotations

NOTES: tuple[tuple[str, str], ...] = (
    (
        "the interval takes contacts of one customer as independent: it is too narrow where few customers come often",
        "het interval neemt contacten van een klant als onafhankelijk: het is te smal waar weinig klanten vaak komen",
    ),
    (
        "during {n} of {of} contacts another of the same customer came in: if a row is an event of a contact and no "
        "contact of its own, keep one row each",
        "tijdens {n} van {of} contacten kwam een ander van dezelfde klant binnen: als een rij een gebeurtenis van een "
        "contact is en geen eigen contact, houd dan van elk contact een rij over",
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
        "a law's clock runs from the customer's first second, through all queues: these are stays in a queue, and a "
        'call through several is several; read contacts with clock="contact"',
        "de klok van een wet loopt vanaf de eerste seconde van de klant, door alle wachtrijen heen: dit zijn keren in "
        'een wachtrij, en een oproep door meer wachtrijen telt meer keren; lees contacten met clock="contact"',
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
        "of them entries of calls that left and entered a queue in one second, taken for copies, for the same exit "
        "follows: who was sent round three times in a second looks the same: {n}",
        "daarvan binnenkomsten van oproepen die in een seconde een wachtrij verlieten en er weer in kwamen, als kopie "
        "gelezen omdat hetzelfde vertrek volgt: wie drie keer in een seconde rondging, ziet er net zo uit: {n}",
    ),
    (
        "events behind the end of a stay, which stands, not used: {n}",
        "gebeurtenissen na het einde van een keer in de wachtrij, dat blijft staan, niet gebruikt: {n}",
    ),
    (
        "contacts that left without an answer, says the log, and talked after that: the talk is not counted: {n}",
        "contacten die volgens het logboek zonder antwoord weggingen en daarna spraken: het gesprek telt niet mee: {n}",
    ),
    (
        "the last line is {hours} h later than those before it, and no line confirms it: what is open is as of then "
        "(as_of= sets another moment)",
        "de laatste regel is {hours} u later dan die ervoor, en geen regel bevestigt dat: wat openstaat, is de stand "
        "van toen (as_of= kiest een ander moment)",
    ),
    (
        "the longest wait is of a contact without an end, which still waits or whose end is not in the data: it waited "
        "at least so long, or left unseen",
        "de langste wachttijd is van een contact zonder einde, dat nog wacht of waarvan het einde niet in de gegevens "
        "staat: het wachtte minstens zo lang, of ging ongezien weg",
    ),
    (
        "events of calls whose entry is not in the data (it begins in their middle, or lines are lost): {n}",
        "gebeurtenissen van oproepen waarvan het begin niet in de gegevens staat (die beginnen midden in de oproep, of "
        "er zijn regels weg): {n}",
    ),
    ("the log is empty", "het logboek is leeg"),
    (
        "no contact entered a queue: the log has no ENTERQUEUE",
        "geen contact kwam in een wachtrij: het logboek heeft geen ENTERQUEUE",
    ),
    (
        "lines more than {seconds} s older than lines before them, not used (give rotated files oldest first, each "
        "once): {n}",
        "regels meer dan {seconds} s ouder dan regels ervoor, niet gebruikt (geef geroteerde bestanden van oud naar "
        "nieuw, elk een keer): {n}",
    ),
    (
        "durations that are no seconds, replaced by the difference of the times: {n}",
        "duren die geen seconden zijn, vervangen door het verschil van de tijden: {n}",
    ),
    (
        "stays whose stated durations differ by more than 2 s from the times of their lines; the stated ones stand: "
        "{n}",
        "keren in een wachtrij waarvan de vermelde duren meer dan 2 s verschillen van de tijden van hun regels; de "
        "vermelde blijven staan: {n}",
    ),
    ("repeated entries, not used: {n}", "herhaalde binnenkomsten, niet gebruikt: {n}"),
    (
        "contacts that entered a queue without having left the one before, which has no end: {n}",
        "contacten die in een wachtrij kwamen zonder de vorige te verlaten, waarvan het einde ontbreekt: {n}",
    ),
    (
        "events that contradict an answer, which stands: {n}",
        "gebeurtenissen die in strijd zijn met een beantwoording, die blijft staan: {n}",
    ),
    (
        "contacts open for more than a day, closed as unfinished or answered without an end: {n}",
        "contacten die langer dan een dag openstonden, afgesloten als niet af of als beantwoord zonder einde: {n}",
    ),
    (
        "{file} was cut off in its last line, which is not used",
        "{file} is afgekapt in de laatste regel, die niet is gebruikt",
    ),
    (
        "{file} is damaged ({error}): what came before is read",
        "{file} is beschadigd ({error}): gelezen is wat daarvoor stond",
    ),
    ("{file} was cut off in the middle of a line", "{file} is afgekapt midden in een regel"),
    (
        "{file}: {n} lines could not be read, the first is line {line} ({error})",
        "{file}: {n} regels waren niet te lezen, de eerste is regel {line} ({error})",
    ),
    (
        "{n} of them come after the clock had gone back, by their order: the later was taken",
        "{n} daarvan komen naar hun volgorde na het terugzetten van de klok: de latere is genomen",
    ),
    (
        'column "{column}": one caller has {n} of {of} contacts ({share}), the next customer {next}: who came back is '
        "left out; name it by --missing if it stands for nobody, or say --allow-dominant if it is one customer",
        'kolom "{column}": een beller heeft {n} van {of} contacten ({share}), de volgende klant {next}: wie terugkwam '
        "is weggelaten; noem de waarde bij --missing als die voor niemand staat, of geef --allow-dominant op als het "
        "een klant is",
    ),
    (
        "{n} row stands in more than one of {files}, and is counted in each",
        "{n} rij staat in meer dan een van {files}, en telt in elk mee",
    ),
    (
        "{n} rows stand in more than one of {files}, and are counted in each",
        "{n} rijen staan in meer dan een van {files}, en tellen in elk mee",
    ),
    (
        "no response rate: --from and --to go by when an answer came, and what has none is left out",
        "geen respons: --from en --to gaan over het moment van antwoorden, en wie niet antwoordde heeft er geen",
    ),
    (
        "no answer of {n} is above 5: is this a 1-5 scale?",
        "geen van {n} antwoorden is hoger dan 5: is dit een schaal van 1 tot 5?",
    ),
    (
        "no answer of {n} is 0, though there are 1 and 10: is this a 1-10 scale?",
        "geen van {n} antwoorden is 0, terwijl 1 en 10 voorkomen: is dit een schaal van 1 tot 10?",
    ),
    (
        '{n} weights of "{column}" are so small that rounding them to steps of 2^-20 changes them by more than a '
        "thousandth: multiply all weights by one number, which changes no figure",
        '{n} gewichten van "{column}" zijn zo klein dat afronden op stappen van 2^-20 ze meer dan een duizendste '
        "verandert: vermenigvuldig alle gewichten met een getal, wat geen cijfer verandert",
    ),
    # parts of notes: why a line is no line of a log, what values should have been
    ("it does not begin with a time in seconds and a pipe", "hij begint niet met een tijd in seconden en een streepje"),
    (
        "its time lies before 1971 or after the year 9999",
        "de tijd ligt voor 1971 of na het jaar 9999",
    ),
    ("it has fewer than five fields", "hij heeft minder dan vijf velden"),
    ("its fifth field is no event", "het vijfde veld is geen gebeurtenis"),
    (
        "its time is more than a day ahead of the lines around it",
        "de tijd loopt meer dan een dag voor op de regels eromheen",
    ),
    (
        "it is the last, and its time is more than a year ahead of the lines before it",
        "het is de laatste, en de tijd loopt meer dan een jaar voor op de regels ervoor",
    ),
    ("whole numbers 0 to 10", "hele getallen van 0 tot en met 10"),
    ("dates or dates with a time", "datums, met of zonder tijd"),
    ("numbers, h:mm:ss or durations", "getallen, u:mm:ss of duren"),
    ("texts, at most {n} different", "teksten, hooguit {n} verschillende"),
    ("true or false, yes or no, 1 or 0", "true of false, yes of no, 1 of 0"),
    (
        "texts or whole numbers, no dates or times of day",
        "teksten of hele getallen, geen datums of tijden van de dag",
    ),
)  # fmt: skip
