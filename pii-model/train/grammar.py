"""Sentences put together from parts, with people and with things that are none in the same places."""

from random import Random

from fill import HERE, TITLES_OF, Example, Filler, gibberish

PAST = """called|emailed|met|thanked|forgot|saw|hired|fired|visited|helped|texted|ignored|paid|drove|taught|sued|married|kissed|blamed|phoned|interviewed|trained|scolded|invited|photographed|praised|warned|followed|trusted|reported|bit|chased|cured|tricked|beat|joined|replaced|recommended|recognised|envied""".split("|")
ALONE = """left early|moved to {city}|was late again|quit the choir|fell off the ladder|lost the keys|bought a used van|forgot the password|had surgery on {date}|passed the exam|needs a new passport|is allergic to nuts|runs the bakery|speaks four languages|missed the train|sold the flat|is out of office until {date}|
broke an arm|can't swim|snores|plays the cello|won the raffle|didn't show up|got a parking ticket|works nights at {company}|retired in {date}|applied for a loan of {money}|has two kids|signed the lease|never replied|wants a refund|owes {money}|cancelled the booking|was born on {date}|grew up in {city}|hates mornings|
repaired the fence|stayed at our place|will bring the salad|asked for a raise|burnt the rice|lives upstairs|has been with us since {date}|is on parental leave|prefers window seats|approved the invoice|forwarded the message|flies to {city} on {date}|takes insulin|failed the audit|lost {n} kilos|won't be coming|paid in cash|
is very thorough|did an amazing job on the roof|took the time to explain everything|provides great service|really knows cars|was rude to us|is the sweetest person|is an excellent accountant|is honest and quick|never listens|is a good listener|can be stubborn|is coming too|makes the best pancakes|answers every call|is worth every penny|cut my hair too short|and the boys fixed it in an hour|did the dishes|sent the wrong file|is the new treasurer|was promoted|got engaged|went hiking|died in {date}|recovered quickly|drives a red {brand}|keeps bees|coaches the under-{n}s|disagreed|nodded|laughed|sighed and went home""".replace("\n", "").split("|")
BEFORE = """|Yesterday |On {date}, |I think |I heard that |Apparently |As usual, |Do you know if |We were told that |In {city}, |Last night |My mother says |Sadly, |Luckily |Could you check whether |It seems that |According to the note, |FYI: |Reminder: |PS: |Well, |ok so |btw |Just now |Everyone knows |After lunch |Since {date} |Note: |I bet |Guess what, """.split("|")
AFTER = """.|.|.|!|, I think.|, right?|?|... |, as far as I know.| again.| - what should I do?| and nobody noticed.| but that's fine.|; see the file.|, which is odd.|, so please call back.|\n|"""  .split("|")
ROLES = """my brother|our landlord|the plumber|my ex|her uncle|the nurse|my manager|our neighbour|his wife|the caretaker|my lawyer|the client|their cousin|our intern|the babysitter|my flatmate|a colleague|the witness|the tenant|my grandma|the dentist|our accountant|a friend of mine|the applicant|our driver|the buyer|my son|her fiancé""".split("|")
OTHERS = ["the committee", "{company}", "{brand}", "{city}", "the printer", "my laptop", "the cat", "the government", "{country}", "the software", "nobody", "everyone", "the team", "our school", "the {brand} app", "{work}", "the dog", "someone", "it", "the weather", "{gibberish}", "{gibberish}", "{gibberish} {gibberish}",
          "the {gibberish} plugin", "{gibberish}{n}", "the police", "Monday", "the server", "Grandma", "Mom", "the doctor", "the {eponym}", "{company}", "{city}", "the {city} office", "{gibberish} Ltd"]
# "#" is a person or a thing; questions, addresses to somebody, talk, and what else stands around names.
FRAMES = """Is # always this {adj}?|Has anyone seen #?|Is # coming to the party?|Where does # live?|Who told # about it?|How is # doing?|What does # want?|When will # be back?|Can # bring the drinks?|Did # sign the form?|Does # know that I'm {adj}?|Should I marry #?|#, can you close the window?|#, please call me back.|#, where are you?|Hey #, got a minute?|
Thanks #!|Thank you, #, for your help.|Sorry #, I forgot.|Good night #|ok #|Dear #,|Hi #!|Hello #, my name is #.|#: "Did you eat?"\n#: "No, I'm {adj}."|#: stop it\n#: make me|"I'm {adj}," said #.|"Come in," # whispered.|"Not again!" groaned #, and # sighed.|# asked #: "Where is the key?"|"Where's #?" - "With #, as always."|"{adj}?" # laughed.|
Reissue the badge of #, please.|Put it on the tab of #.|Spelled #, with two of everything.|Sign here: #|It's #, not #.|You must be #!|I am #, # is my manager.|This is #, calling about the invoice.|#, # and # opened a shop in {city}.|She was named # after her grandmother.|We called the baby #.|Aunt # and Uncle # live in {city}.|
Grandpa #'s hat|Doctor # is {adj}.|Coach # yelled at us.|Nurse # was {adj}.|Officer # wrote the ticket.|Father # held the service.|Sister # runs the shelter.|Principal # called my mother.|Captain # greeted the passengers.|a book that belongs to #|photo by #|a letter from # to #|dinner with #|a gift for #|according to #, it's {adj}|as told to #|{n}. #|
# (left) and #|# vs. #, {date}|# x # wedding|my kid #|our son # and daughter #|my friend # from {city}|the twins, # and #|my late husband #|her new boyfriend # seems {adj}|their dog bit #|Between # and me: it's {adj}.|I miss #.|I hate #|Ask #.|With love, #|Regards, #|- #|~ #|Yours #|xoxo #|cc #|@# please review|# + # = love|
Tell # that # is {adj}|I promised # to look after #|Let # know|Without # we would be {adj}|I'm sitting next to #|# is {adj} and # is not|# can be so {adj}|If # calls, I'm not here.|# or #? I can't decide.|Not even # knew|# here.|Only # is {adj}.|Even # laughed|Poor #!|Go #!|RIP #|Congrats #|Welcome back, #|Happy birthday, dear #|Get well soon #""".replace("\n", "").split("|")
OF = {"de": "von", "fr": "de", "es": "de", "it": "di", "pt": "de", "nl": "van", "sv": "till", "vi": "của", "id": "", "ru": "по имени", "pl": "o imieniu", "cs": "jménem"}
AND = {"de": "und", "fr": "et", "es": "y", "it": "e", "pt": "e", "nl": "en", "pl": "i", "tr": "ve", "id": "dan", "hi": "aur", "sv": "och", "ru": "и", "cs": "a", "zh": "和", "ja": "と", "ko": "및", "ar": "و", "vi": "và"}
ADJECTIVES = "angry|busy|late|funny|generous|moody|tired|lazy|clever|kind|bossy|sick|shy|rude|calm|proud|hungry|jealous|nervous|friendly|stubborn|loud|brave|polite|careless|patient|gentle|strict|wonderful|impossible".split("|")
LISTS = [", ", ", ", "\n", "\n- ", " and ", "; ", " / ", " & ", "\n* ", "\t", " | ", ",", "\n\n", " + "]
HEADS = ["Present: ", "Guests:\n", "Team:\n", "Participants\n", "To: ", "cc: ", "Invited: ", "Players: ", "Witnesses: ", "On leave: ", "Thanks to ", "Crew: ", "Members:\n- ", "Absent: ", "Winners:\n", "Signatories:\n", "Room 4: ", "Order of speakers:\n", "", "", "Family: ", "Candidates:\n- ", "Shift A\n", "Analysts: "]


def phrases() -> dict[str, dict[str, list[str]]]:
    """Of each language its roles, others, alone, verbs and before."""
    found: dict = {}
    for name in ("phrases", "phrases-cjk"):
        for line in (HERE / "texts" / f"{name}.txt").read_text("utf-8").splitlines():
            head, _, rest = line.partition(": ")
            language, kind = head.split()
            found.setdefault(language, {})[kind] = rest.split("|")
    return found


class Grammar:
    def __init__(self, filler: Filler):
        self.filler, self.phrases = filler, phrases()

    def _plain(self, text: str, r: Random) -> str:
        """Slots of parts that are nobody's data."""
        while "{" in text:
            start = text.index("{")
            end = text.index("}", start)
            kind = text[start + 1 : end]
            value = gibberish(r) if kind in ("gibberish", "gib") else r.choice(ADJECTIVES) if kind == "adj" else self.filler.plain(kind, "en", r)
            text = text[:start] + value + text[end + 1 :]
        return text

    def _person(self, r: Random) -> str:
        """A template's slot, perhaps with a role or title before it."""
        which = str(r.randint(2, 9))
        slot = r.choices([f"$first{which}", f"$name{which}", f"$last{which}", f"$first{which} $last{which}"], [5, 4, 1, 1])[0]
        if slot.startswith("$last"):
            slot = "$title " + slot
        kind = r.random()
        if kind < 0.1:
            return f"{slot} and {slot[:-1]}{(int(which) + 1) % 10}"
        if kind < 0.16:
            return f"{slot}'s {r.choice(ROLES).split(' ', 1)[1]}"
        role = r.choice(ROLES)
        return f"{role} {slot}" if kind < 0.26 else f"{slot}, {role}," if kind < 0.31 else f"{role}, {slot}," if kind < 0.34 else slot

    def _actor(self, r: Random, share: float) -> str:
        if r.random() < share:
            return self._person(r)
        return self._plain(r.choice(OTHERS + ROLES), r).replace("$", "")

    def sentence(self, r: Random, share: float) -> str:
        actor = self._actor(r, share)
        if r.random() < 0.35:
            text = f"{actor} {r.choice(PAST)} {self._actor(r, share)}"
        elif r.random() < 0.12:
            text = f"{actor}'s {r.choice(['car', 'wife', 'husband', 'flat', 'sister', 'dog', 'password', 'birthday', 'number', 'salary', 'idea', 'report', 'mother', 'house', 'contract'])} {r.choice(['is gone', 'was stolen', 'arrived', 'needs attention', 'is on ' + '{date}', 'looks great', 'was a surprise'])}"
        else:
            text = f"{actor} {r.choice(ALONE)}"
        before, after = r.choice(BEFORE), r.choice(AFTER)
        if not before and r.random() < 0.75:
            text = text[:1].upper() + text[1:]
        return self._plain(before + text + after, r)

    def frame(self, r: Random, share: float) -> str:
        pieces = r.choice(FRAMES).split("#")
        text = pieces[0]
        for piece in pieces[1:]:
            text += self._actor(r, share if share == 0 else 0.85) + piece
        return self._plain(text, r)

    def foreign(self, r: Random, share: float) -> tuple[str, str]:
        """The same in another language: (text, language)."""
        language = r.choice(list(self.phrases))
        own = self.phrases[language]
        joint = "" if language in ("zh", "ja") else " "

        def actor() -> str:
            if r.random() >= share:
                return r.choice(own["others"] + own["roles"])
            which = r.randint(2, 9)
            slot = r.choice([f"$first{which}", f"$name{which}", f"$name{which}", f"$title $last{which}" if language in TITLES_OF else f"$first{which}"])
            kind = r.random()
            if kind < 0.1:
                return f"{slot}{joint}{AND[language]}{joint}{slot[:-1]}{(which + 1) % 10}"
            if language in ("zh", "ja", "ko") or kind > 0.4:
                return slot
            role = r.choice(own["roles"])
            return f"{role} {slot}" if kind < 0.2 else f"{slot}, {role}," if kind < 0.28 else f"{role} {OF[language]} {slot}".replace("  ", " ") if language in OF else slot

        sentences = []
        for _ in range(r.randint(1, 3)):
            end = r.choice("。。！") if language in ("zh", "ja") else r.choice([".", ".", ".", "!", ""])
            rest = r.choice(own["verbs"]).replace("{o}", actor()) if "verbs" in own and r.random() < 0.4 else r.choice(own["alone"])
            text = r.choice(own["before"]).rstrip() + joint + actor() + joint + rest + end
            text = text.strip()
            sentences.append(text[:1].upper() + text[1:] if r.random() < 0.8 else text)
        return self._plain(r.choice([" ", "\n"]).join(sentences), r), language

    def _list(self, r: Random, share: float) -> str:
        form = r.choice(["$first#", "$name#", "$name#", "$lastfirst#", "$last#", "$name# ($company#)", "$name# - $n", "$name# <$email#>", "$first# ($n)"])
        count, separator = r.randint(2, 8), r.choice(LISTS)
        if "lastfirst" in form and "," in separator:
            separator = "; "
        entries = [form.replace("#", str(at % 10)) if r.random() < share + 0.35 else self._plain(r.choice(["{company}", "{city}", "{gibberish}", "{brand}"]), r).replace("$", "") for at in range(count)]
        return r.choice(HEADS) + separator.join(entries) + r.choice(["", "\n", ".", "\n\n"])

    def draw(self, r: Random) -> Example:
        """One to four sentences, or a list; a third has no person in it."""
        share = 0.0 if r.random() < 0.35 else 0.65
        kind, language = r.random(), "en"
        if kind < 0.14:
            text = self._list(r, share)
        elif kind < 0.42:
            text = r.choice([" ", "\n"]).join(self.frame(r, share) for _ in range(r.choice([1, 1, 2, 3])))
        elif kind < 0.67:
            text, language = self.foreign(r, share)
        else:
            text = r.choice([" ", " ", "\n"]).join(self.sentence(r, share) for _ in range(r.randint(1, 4)))
        example = self.filler.fill(text, language, r)
        example.source = f"grammar/{language}"
        return example
