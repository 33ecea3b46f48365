/** The words of orders to drop what was ordered, by concept. A `*` takes every ending; `-last` is said after its object. */
import type { Vocabulary } from '../phrase-matcher.ts';

const list = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

export const ORDERS: Vocabulary = {
  ignore:
    list(`ignore, disregard, forget, neglect, pay no attention to, pay no heed to, do not follow, dont follow,
    stop following, stop obeying, do not obey, dont obey, dont listen to, do not listen to, do not pay attention to,
    take no notice of, set aside, put aside, throw away, throw out, get rid of, let go of, never mind, nevermind, unlearn,
    no longer follow, no longer obey, abandon, ignor, forgett, forgot about, disobey, discard, leave aside, dismiss,
    ignoriere, ignorier, ignoriert, ignorieren sie, vergiss, vergesse, vergesst, vergessen sie, missachte, missachten sie,
    beachte nicht, nicht beachten, uberspringe, lass ausser acht,
    ignora, ignorad, ignoren, olvida, olvidate de, olvide, olviden, omite, desestima, haz caso omiso de, no hagas caso,
    no sigas, descarta, prescinde de, pasa por alto, ignores, ignorez, oublie, oubliez, ne tiens pas compte,
    ne tenez pas compte, fais abstraction, faites abstraction, neglige, negligez, ne tenez plus compte, ignorate,
    dimentica, dimenticate, dimenticati, trascura, tralascia, non considerare, non tenere conto, non seguire,
    esqueca, esquece, esquecam, desconsidere, desconsidera, despreze, nao siga, negeer, vergeet, zignoruj, ignoruj,
    zapomnij, pomin, zapomen, ignorera, glom, bortse fran, ignorer, glem, unohda, jata huomiotta, uita, hagyd figyelmen,
    felejtsd el, ignorisi, ignorirajte, ignoriraj, zaboravi, zaboravite, zanemari, zanemarite, abaikan, lupakan,
    bo qua, hay quen, quen di, quen het, игнорируй*, проигнорируй*, забудь*, не обращай внимания на, не следуй,
    отбрось*, ігноруй*, проігноруй*, تجاهل, تجاهلي, تجاهلوا, انس, انسى, انسي, لا تتبع, התעלם, התעלמי, תתעלם, שכח,
    忽略, 忽视, 无视, 忘记, 忘掉, 不要理会, 不用理会, 别管, 忽視, 無視, 忘記, 不要遵守, 不要遵循, 抛开, 請忽略, αγνοησε,
    αγνοηστε, ξεχασε, เพิกเฉย, ละเว้น, ไม่ต้องสนใจ, ลืม`),
  'ignore-last':
    list(`ignorieren, vergessen, missachten, ausser acht lassen, ignorar, negeren, vergeten, yoksay,
    yok say, yok sayin, unut, unutun, gormezden gel, gormezden gelin, dikkate alma, dikkate almayin, göz ardı et,
    goz ardi et, 無視し*, 無視せよ, 忘れ*, 무시*, 잊어*, 잊고, 따르지 마*, नज़रअंदाज़*, नजरअंदाज*, अनदेखा*, अनदेखी*, भूल जा*,
    भूल कर, भुला*, نادیده بگیر*, فراموش کن*, نظر انداز*, بھول جا*, উপেক্ষা*, ভুলে যা*, புறக்கணி*`),
  drop: list(`override, overwrite, bypass, skip, delete, erase, drop, clear, reset, cancel, wipe, remove, revoke, void,
    circumvent, evade, suspend, lift, disable, deactivate, turn off, break, violate, umgehe, umgehen sie, anula, desactiva,
    elimina, contourne, contournez, desactive, aggira, disattiva, contorne, desative, обойди, отключи, 绕过, 跳过, 关闭, 解除`),
  all: list(`all, everything, every, any, anything, whatever, alle, alles, allen, jegliche*, samtliche*, todo, todas,
    todos, toda, cualquier, tout, toutes, tous, tutte, tutti, tutto, tudo, wszystk*, wszelk*, vse*, все, всё, всех, всю,
    всі, كل, جميع, כל, מכל, בכל, לכל, 所有, 一切, 全部, 全ての, すべて*, 모든, सभी, सब, tum, butun, semua, tat ca, moi, vsechn*, allt, alla, kaikki,
    toate, minden, sve, svih, ολες, ทั้งหมด, همه, تمام, সব`),
  earlier:
    list(`previous, previously, prior, above, earlier, preceding, foregoing, former, before, initial, original,
    existing, past, old, so far, aforementioned, given, current, predefined, preset, system, prevoius, previuos, previous's,
    vorherige*, vorige*, bisherige*, obige*, vorangegangene*, vorangehende*, fruhere*, vorausgegangene*, ursprungliche*,
    zuvor, oben, davor, vorher, anterior, anteriores, previa, previas, previo, previos, precedentes, precedente, antes,
    arriba, iniciales, precedent, precedents, precedentes, anterieure*, anterieurs, ci dessus, davant, dinitiales,
    initiales, avant, preceden*, anteriori, iniziali, sopra, di prima, finora, acima, ate agora, iniciais, vorig*, eerder*,
    bovenstaande, hiervoor, poprzedni*, wczesniejsz*, powyzsz*, predchozi*, predesle, tidigare, foregaende, ovanstaende,
    tidligere, forrige, ovenstaende, aiemm*, edelli*, anterioare, precedente, korabbi, elozo, prethodn*, ranij*, gore
    navedene, dosadasnj*, sebelumnya, di atas, truoc, truoc do, truoc day, phia tren, предыдущ*, прежн*, прошл*, выше,
    вышеуказанн*, предшествующ*, ранее, раньше, попередн*, السابق*, سابقة, اعلاه, أعلاه, قبل, הקודמ*, למעלה, 之前, 以前, 先前, 此前,
    上面, 以上, 上述, 前面, 前述, 之前的, 上記, これまで, 今まで, 先ほど, 前の, 이전, 위의, 앞의, 지금까지, 기존, पिछल*, पहले, पूर्व, उपरोक्त, ऊपर,
    onceki, yukaridaki, daha onceki, προηγουμεν*, ก่อนหน้า, ข้างต้น, قبلی*, پیشین, پچھل*, আগের, পূর্ব*`),
  'earlier-after': list(`above, before, earlier, so far, previously, given before, given above, given to you,
    you were given, you have been given, youve been given, you have received, you received, you got, you have been told,
    you were told, i gave you, i told you, i have given you, until now, till now, up to now, up to this point, from before,
    that came before, prior to this, preceding this, you have learned, you were programmed with, you were trained,
    davor, zuvor, oben, bisher, vorher, was vorher, was davor, was ich gesagt habe, anteriores, anterior, arriba, de antes,
    previas, precedentes, ci dessus, avant, precedemment, precedenti, di prima, sopra, ricevute, acima, anteriormente,
    recebidas, hierboven, hiervoor, powyzej, wczesniej, выше, ранее, до этого, до сих пор, gore, prije, pre ovoga, أعلاه,
    السابقة, i have said, ive said, weve discussed, weve talked about, we talked about, i said`),
  rules:
    list(`instruct*, directive*, directions, prompt, prompts, rule, rules, guideline*, programming, task, tasks,
    assignment*, constraint*, restrictions, guidance, protocols, safeguards, intructions, instuctions, instrutions, istructions,
    command, commands, orders, anweisung*, instruktion*, befehl*, aufgabe*, regeln, vorgaben, richtlinien, aufforderung*,
    auftrag*, instruccion*, indicacion*, ordenes, reglas, directrices, directivas, consigna*, consigne*, regles, ordres,
    directives, istruzion*, regole, ordini, comandi, direttive, indicazioni, instruco*, regras, ordens, diretrizes, comandos,
    instructies, opdracht*, regels, aanwijzingen, instrukcj*, polece*, zasad*, reguly, wytyczn*, pokyn*, instrukc*,
    pravidla, instruktioner, regler, direktiv, ohje*, saannot, instructiuni*, regulile, utasitas*, instrukcij*, uputstva,
    upute, uputa, naredbe, naredbi, zadatke, zadaci, pravila, instruksi, perintah, arahan, aturan, huong dan, chi dan, lenh, quy tac,
    chi thi, инструкц*, указани*, правил*, команд*, приказ*, распоряжени*, інструкц*, вказівк*, تعليمات*, التعليمات,
    الأوامر, الاوامر, أوامر, القواعد, الإرشادات, התעלמויות, הוראות, ההוראות, להוראות, מההוראות, הנחיות, ההנחיות, הכללים, 指令, 指示, 说明,
    命令, 规则, 提示, 提示词, 要求, 规定, 設定, 指引, 規則, 提示詞, 說明, ルール, 命令を, プロンプト, 지시*, 지침*, 명령*, 규칙*, 프롬프트*,
    निर्देश*, आदेश*, नियम*, talimat*, komut*, kurallar*, yonerge*, οδηγι*, εντολ*, κανον*, คำสั่ง, คำแนะนำ, กฎ,
    دستور*, ہدایات, ہدایت, নির্দেশ*, அறிவுறுத்தல்*`),
  /** What nobody but a model has. */
  'own-rules':
    list(`instructions, system prompt, system prompts, prompt, directives, programming, guidelines, rules,
    safety guidelines, content policy, content policies, safety rules, safety protocols, ethical guidelines, safety filters,
    content filters, filters, safeguards, guardrails, restrictions, safety training, alignment, moral guidelines,
    safety measures, limitations, ethics, anweisungen, regeln, richtlinien, filter, beschrankungen, programmierung,
    einschrankungen, reglas, restricciones, filtros, directrices, programacion, programacao, regles, consignes,
    restrictions, filtres, programmation, regole, istruzioni, restrizioni, programmazione, regras, restricoes, instrucoes,
    правила, инструкции, ограничения, фильтры, 规则, 限制, 指令, 系统提示, 安全限制, 过滤, 安全规则, 設定, ルール, 制限, 지침, 규칙, 제한`),
  'weak-things':
    list(`message, messages, text, input, inputs, conversation, context, content, information, questions, request,
    requests, discussion, chat, history, everything, stuff, nachrichten, texte, alles, conversacion, contexto, texto, contexte,
    texte, contesto, 内容, 对话, 上下文`),
  your: list(`your, youre, ur, thy, deine*, ihre, ihren, tu, tus, sus, vos, tes, votre, ton, suas, seus, tue, tuoi, tua, sua,
    jouw, je, twoje, twoich, твои, свои, твоих, свой, своих, ваши, تعليماتك, 你的, 你所有的, 您的, あなたの, 君の, 당신의, 너의, 네, apne, अपने,
    आपके, تمہاری, senin, kendi, kamu, anda, cua ban`),
  /** After which an order is told of, or warned against, rather than given. */
  reported:
    list(`not, dont, do not, never, cannot, cant, wont, didnt, doesnt, shouldnt, mustnt, wouldnt, without, why, if, when,
    whether, how to, how do i, that, who, which, they, he, she, students, users, user, people, attackers, attacker, models,
    llms, model, it, them, him, her, us, tries to, tried to, try to, attempts to, attempt to, tries, wants to, want to,
    like, such as, called, titled, saying, says, said, named, phrase, phrases, words, does, do people, did, could, may, might, would,
    employees, children, kids, parents, players, teacher, we, i, i should, nicht, niemals, nie, kein, wenn, dass, warum, wie man,
    no, nunca, si, cuando, que, jamais, pas, ne, quand, pourquoi, non, mai, quando, perche, nao, se, niet, nooit, nie,
    не, никогда, если, когда, почему, لا, لماذا, अगर, क्यों, 不要, 不能, 不会, 为什么, 如何, 如果, 別, 不應, 不可`),
};
