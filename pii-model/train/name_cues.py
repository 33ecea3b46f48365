"""What stands around a name, as patterns that Python's `regex` and JavaScript read alike: right before it, right after it, or
anywhere in the text."""

NO_LETTER = r"(?<!\p{L})"


def words(spaced: str) -> str:
    return "|".join(spaced.split())


PUBLIC = words("president minister senator king queen prince princess pope saint emperor general actor actress singer rapper author poet writer philosopher scientist mathematician director filmmaker composer painter novelist footballer player celebrity prophet ayatollah sheikh chancellor governor secretary congressman cleric guitarist drummer bassist band movie film book novel song album")
VERBS = words("said says say told asked replied wrote writes thinks thought called wants wanted was is has had will would can could did does went goes came comes got lives works worked met sent loves likes needs")
FIRMS = words("inc ltd llc corp corporation company co group university college school hospital institute foundation bank theorem theory law effect equation distribution copula test method algorithm prize award medal stadium street st road rd avenue ave park bridge airport museum hotel restaurant pizza auto shop store services systems solutions technologies partners associates office building center centre county city island river lake mountain beach club league cup band movie film series song album show game novel brand administration war virus hurricane gmbh ag")
STORIES = words("fiction fictional fictitious story stories scene script screenplay scenario roleplay fanfic fanfiction novel protagonist dialogue comic anime manga dungeon wizard superhero tale fable fairy histoire roman personnage personnages conte geschichte märchen figur historia cuento personaje personajes novela guion história fictícia personagem personagens conto roteiro diário storia racconto opowiadanie příběh pohádka рассказ история персонаж персонажи сказка сценарий hikaye masal 故事 小说 角色 童话 剧本 物語 小説 소설")

# side, pattern, any case
CUES = {
    "self": ("before", rf"{NO_LETTER}(?:my name is|name's|i am|i'm|im|i’m|this is|call me|it's|je m'appelle|je suis|ich bin|ich heiße|mein name ist|me llamo|mi nombre es|soy|sou|meu nome é|mi chiamo|sono|nazywam się|меня зовут|jmenuji se|benim adım|nama saya)\s*:?\s*", True),
    "title": ("before", rf"{NO_LETTER}(?:mr|mrs|ms|miss|mx|dr|prof|professor|doctor|sir|madam|madame|mme|mlle|monsieur|herr|frau|señora?|sra?|srta|don|doña|dona|uncle|aunt|auntie|grandpa|grandma|nurse|coach|captain|capt|sheikh|officer|pan|pani|pán|paní|bapak|pak|ibu|sayın|shri|smt|г-н|г-жа|господин|госпожа|judge|rev)\.?\s*", True),
    "hail": ("before", rf"{NO_LETTER}(?:dear|hi|hello|hey|hallo|liebe[r]?|hola|olá|oi|bonjour|salut|cher|chère|ciao|caro|cara|cześć|привет|здравствуйте|thanks|thank you|thx|sorry|please|tell|ask|ping|call|email|meet|met|contact|sincerely|regards|best|cheers|love|yours|from|to|cc|bcc|attn|with|and|&)[,:]?\s*", True),
    "field": ("before", rf"{NO_LETTER}(?:{words('name user username author contact owner patient customer client employee tenant passenger signed signature attendees participants from to cc sender recipient manager nombre nom nome имя isim nazwisko by witness')}|account holder|assigned to|reported by|prepared by)\s*['\x22]?\s*[:=|]\s*['\x22]?\s*", True),
    "kin": ("before", rf"{NO_LETTER}(?:my|our|his|her|their)\s+(?:\p{{L}}+\s+)?(?:{words('wife husband son daughter brother sister mother father mom mum dad friend boss colleague neighbor neighbour cousin manager teacher boyfriend girlfriend assistant roommate partner lawyer doctor dentist')}),?\s*", True),
    "public": ("before", rf"{NO_LETTER}(?:{PUBLIC}|prime minister)\s*,?\s*['\x22]?", True),
    "by": ("before", rf"{NO_LETTER}(?:by|von|par|por|di|od|от)\s*", True),
    "article": ("before", rf"{NO_LETTER}(?:the|a|an|this|that|these|those|der|die|das|le|la|les|el|los|il|o|os|as|un|une|ein|eine)\s*", True),
    "place": ("before", rf"{NO_LETTER}(?:in|at|on|near|of|to|through|via|into|for|using|with|aus|nach|dans|à|en|em)\s*", True),
    "quoted": ("before", rf"[\x22'“”‘«„`]\s*", True),
    "marked": ("before", rf"[#@/\\$&]\s*", True),
    "role": ("before", rf"{NO_LETTER}(?:{words('character named called hero protagonist villain detective wizard elf agent personnage personaje personagem персонаж figur narrador narrator boy girl cat dog fox')})\s*,?\s*:?\s*", True),
    "closing": ("before", rf"{NO_LETTER}(?:regards|sincerely|thanks|cheers|love|best|wishes|truly|faithfully|grüße|grüßen|saludos|cordialement|atenciosamente|abraços|уважением|thank you|xoxo),?\s*", True),
    "bullet": ("before", rf"(?:^|\n)\s*(?:[-*•>–\uf0a7]|\d+[.)]|o\t)\s*", True),
    "lineBefore": ("before", rf"(?:^|\n)\s*", True),
    "sentenceBefore": ("before", rf"[.!?]\s+", True),
    "capitalBefore": ("before", rf"(?<=[\p{{L}}\p{{N}},]\s)(?!(?:Mrs?|Ms|Miss|Dr|Prof|Herr|Frau|Mme|Sra?|Captain|Coach|Nurse|Aunt|Uncle|Grandpa|Grandma)\s)\p{{Lu}}\p{{Ll}}+\s", False),
    "listBefore": ("before", rf"\p{{Lu}}[\p{{L}}.]*,\s", False),
    "verbAfter": ("after", rf",?\s*(?:{VERBS}|and i)(?!\p{{L}})", True),
    "ownerAfter": ("after", r"['’]s(?!\p{L})", True),
    "firmAfter": ("after", rf"\s*(?:{FIRMS})(?!\p{{L}})", True),
    "stopAfter": ("after", r"[.!?]", True),
    "commaAfter": ("after", r"\s?,", True),
    "colonAfter": ("after", r"\s?:", True),
    "mailAfter": ("after", r"[\s,]*[<(\[]?\s*[a-zA-Z0-9.+_-]+@|\s*[<(\[]", True),
    "digitAfter": ("after", r"[\s,:(]*[+(]?\d", True),
    "lineAfter": ("after", rf"[ \t]*(?:(?![\s\S])|[\r\n])", True),
    "capitalAfter": ("after", r"\s\p{Lu}\p{Ll}+", False),
    "upperAfter": ("after", r"\s\p{Lu}{2,}", False),
    "listAfter": ("after", r",\s\p{Lu}", False),
    "andAfter": ("after", r"\s(?:and|&|und|et|y|e|и|i)\s\p{Lu}", False),
    "story": ("text", rf"{NO_LETTER}(?:{STORIES})(?!\p{{L}})", True),
}

ASK = words("write rewrite create generate imagine compose continue invent make develop tell describe pitch enhance escreva escreve crie invente conte escribe escriba crea inventa écris écrire imaginer imaginez donner donnez donne raconte schreib schreibe erfinde entwickle napiš vymysli napisz wymyśl stwórz напиши придумай сочини продолжи scrivi schrijf verzin bedenk skriv írj scrie γράψε yaz tulis buatkan viết")
FICTION = words("protagonist anime manga rpg d&d story stories scene screenplay novel novella fable fairytale tale sitcom comic sketch skit diary villain backstory histoire conte roman prémisse scène geschichte märchen szene drehbuch historia cuento novela guion guión escena história conto romance roteiro diário cena fanfic storia racconto fiaba scena sceneggiatura opowiadanie bajkę scenariusz příběh pohádku povídku рассказ рассказы историю сказку сценку сцену сценарий роман сюжет verhaal sprookje saga novelle eventyr mesét novellát poveste παραμύθι hikaye masal senaryo cerpen dongeng truyện") + "|short film|fairy tale|dialogue between|video scenario|(?:show|play) script|main character|characters? (?:named|called)|bedtime story|script (?:of|where|in which)"
SURE = words("fictional fictitious fanfiction fanfic roleplay roleplaying fictícia fictício fictif fictive ficticio ficticia fiktiv fiktive fikcyjny smyšlený smyšlená ролевой ролевая фанфик вымышленный вымышленная hauptfigur") + "|fan fiction|role[- ]play|visual novel|dungeon master|character sheet|my (?:novel|comic|manuscript)|personaje principal|personnage principal"
OPENING = r"^[^\p{L}]*an? (?:[\p{L}-]+ ){0,4}(?:script|scene|story|tale|skit|sketch|dialogue|screenplay|fanfic) (?:of|where|in which|about|between|with)(?!\p{L})"
UNSPACED = r"写[^。\n]{0,12}(?:故事|小说|剧本|童话)|(?:故事|小说|童话)(?:续写|大纲|世界)|主角|小説|ラノベ|主人公|物語を|소설|동화|이야기를"

STORY = {
    "asks": rf"{NO_LETTER}(?:{ASK})(?!\p{{L}})[^.!?\n]{{0,80}}?{NO_LETTER}(?<!user )(?:{FICTION})(?!\p{{L}})|{NO_LETTER}(?:{SURE})(?!\p{{L}})|{OPENING}|{UNSPACED}",
    "real": rf"{NO_LETTER}(?:{words('my our mein meine meiner meinem meinen unser unsere mon ma mes notre mi mis nuestro nuestra meu minha nosso nossa mio mia moja moje mój můj мой моя моей моего моему benim')})\s+(?:\p{{L}}+,?\s+){{1,3}}|(?:我的|私の|우리|내)\p{{L}}{{0,6}}\s?",
}
