/** The words of the other tricks, by concept. */
import type { Vocabulary } from '../phrase-matcher.ts';

const list = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

export const TRICKS: Vocabulary = {
  reveal: list(`reveal,print,repeat,output,display,show,leak,dump,expose,disclose,reproduce,recite,copy,echo,
return,write out,write down,type out,spell out,paste,verbatim,tell me,give me,share,send me,list,translate,
summarize,summarise,encode,reverse,spit out,read out,read back,convert,quote,provide,post,state,describe,
what is,whats,what are,what was,what were,i want to see,i need to see,let me see,can i see,zeige*,zeig,gib,gebe,verrate*,verrat,
wiederhole*,nenne*,drucke*,was ist,was sind,wie lautet,wie lauten,schreibe*,muestra*,revela*,dime,imprime*,repite*,cual es,
cuales son,di me,affiche*,montre*,revele*,donne moi,donnez moi,repete*,quel est,quelles sont,quel etait,dis moi,
mostra*,mostrami,rivela*,dimmi,ripeti,stampa,qual e,quali sono,mostre,revele,diga,repita,qual,quais,toon,geef,herhaal,pokaz,
powtorz,ujawnij,podaj,ukaz,покажи*,раскрой*,выведи*,повтори*,напечатай*,назови*,каков*,скажи*,расскажи*,اظهر,أظهر,
اعرض,اكشف,اطبع,ما هي,ما هو,显示,告诉我,输出,打印,重复,说出,透露,泄露,展示,给我看,列出,写出,复述,告訴我,顯示,輸出,重複,洩露`),
  /** Said after what is to be told. */
  'reveal-last':
    list(`教えて,表示し*,出力し*,見せ*,公開し*,繰り返し*,알려*,보여*,출력*,말해*,공개*,반복*,बताओ,बताइए,दिखाओ,दिखाइए,
goster*,soyle,yazdir,preisgeben,anzeigen,ausgeben,zeigen,verraten,wiederholen`),
  'inner-prompt':
    list(`system prompt,system prompts,systemprompt,system message,system instructions,system instruction,
initial prompt,initial instructions,initial instruction,original prompt,original instructions,hidden prompt,hidden instructions,secret instructions,
secret prompt,internal instructions,internal prompt,internal guidelines,developer message,developer instructions,developer prompt,
preprompt,pre prompt,base instructions,starting instructions,root prompt,
confidential instructions,confidential prompt,
core instructions,underlying instructions`),
  'inner-foreign':
    list(`systemaufforderung,systemanweisung*,system anweisung*,systemnachricht,urspruengliche anweisung*,
ursprunglichen anweisungen,ursprungliche anweisungen,anfanglichen anweisungen,prompt del sistema,prompt de sistema,mensaje del sistema,
instrucciones iniciales,instrucciones originales,instrucciones del sistema,prompt inicial,prompt systeme,invite systeme,instructions initiales,instructions systeme,
message systeme,prompt initial,prompt di sistema,istruzioni iniziali,istruzioni di sistema,prompt do sistema,instrucoes iniciais,instrucoes do sistema,
systeemprompt,systeeminstructies,prompt systemowy,instrukcje systemowe,systemovy prompt,системный промпт,системную подсказку,системные инструкции,системный запрос,системное сообщение,
начальные инструкции,исходные инструкции,системного промпта,موجه النظام,تعليمات النظام,التعليمات الاصلية,系统提示,系统提示词,系统指令,初始指令,初始提示,原始指令,系统消息,隐藏指令,初始提示词,系統提示,系統提示詞,系統指令,
システムプロンプト,初期プロンプト,システムメッセージ,初期指示,システム指示,시스템 프롬프트,시스템프롬프트,초기 지시*,시스템 메시지,초기 지침,सिस्टम प्रॉम्प्ट,sistem promptu*,sistem istemi*,sistem talimat*`),
  'what-last': list(`是什么,是什麼,nedir,何ですか,뭐야,무엇,क्या है`),
  the: list(`the,this,that,these,those,all,full,entire,complete,whole,exact`),
  'inner-weak': list(
    `prompt, instructions, directives, guidelines, rules, programming, anweisungen, instrucciones, consignes, istruzioni, instrucoes, инструкции, 指令, 提示词`,
  ),
  'told-aloud': list(
    `reveal, print, repeat, output, leak, dump, expose, disclose, reproduce, recite, echo, display, spit out, write out, type out, read out`,
  ),
  'text-words': list(
    `text, words, everything, all, content, contents, sentences, paragraph, lines, message, conversation, instructions, prompt`,
  ),
  'above-words': list(
    `above, before this, before this line, prior to this, at the start, starting with you are, that starts with you are, beginning with you are, preceding this, up to this point, in the beginning`,
  ),
  'word-for-word': list(
    `word for word, verbatim, exactly as, in full, in its entirety, in a code block, code block, in markdown, letter by letter, character by character, without omitting, wort fur wort, palabra por palabra, mot pour mot, 一字不差, 逐字`,
  ),
  persona:
    list(`do anything now,dan mode,dan prompt,jailbreak mode,jailbroken mode,evil confidant,always intelligent and machiavellian,
developer mode enabled,developer mode output,developer mode response,dan jailbreak,act as dan,you are dan,become dan,be dan,mode dan,modus dan,
antigpt,anti gpt,devmode,chaosgpt,evilgpt,evilbot,freedomgpt mode,betterdan,maximum mode,stan strive to avoid norms,strive to avoid norms,dude mode,mongo tom,
unrestricted mode,unfiltered mode,uncensored mode,jailbreak activated,enter developer mode,enable developer mode,activate developer mode,developer mode activated,you are now in developer mode,
enable jailbreak,activate jailbreak,god mode enabled,opposite mode,machiavellian chatbot,jailbroken ai,jailbroken version,modo desarrollador,mode developpeur,entwicklermodus aktiviert,modalita sviluppatore,
modo dan,dan 模式,dan模式,开发者模式,越狱模式,開發者模式,開発者モードを有効,dan モード,개발자 모드,режим разработчика,режиме разработчика,режим dan,وضع المطور`),
  become:
    list(`you are,youre,you will be,act as,act like,pretend,pretend to be,pretend you are,roleplay,role play,roleplay as,play the role,imagine,
imagine you are,simulate,behave as,behave like,respond as,answer as,become,assume the role,take on the role,from now on,you now,you will act,you must act,you should act,function as,
speak as,transform into,emulate,you have been,you are going to,be a,be an,write a dialogue,character named,du bist,tu so,stell dir vor,spiele,sei ein,eres,actua como,finge,imagina,tu es,fais semblant,agis comme,joue le role,
comporte toi,sei,fingi,comportati come,agisci come,voce e,aja como,finja,jestes,udawaj,ты,представь,притворись,действуй как,веди себя как,أنت,تصرف,تظاهر,你是,你现在是,扮演,假装,假设你是,想象你是,あなたは,너는,당신은,sen,anda adalah`),
  unrestricted:
    list(`no restrictions,without restrictions,without any restrictions,without any restriction,no restrictions whatsoever,no limitations,without limitations,without any limitations,no rules,without rules,no ethical,no moral,
no ethics,no morals,without ethics,without morals,without ethical,without moral,without any ethical,without any moral,without any ethics,without any rules,without any rules or,without any filters,without filters,no filters,no filter,unfiltered,uncensored,unrestricted,
amoral,free of all restrictions,free of all filters,free from all restrictions,free from restrictions,free of restrictions,free from any restrictions,free from ethical,freed from,broken free,no longer bound,not bound by,isnt bound by,not limited by,not restricted by,unbound,unbounded by,unchained,unshackled,jailbroken,no censorship,without censorship,
no content policy,no content restrictions,no guidelines,without guidelines,without any guidelines,any guidelines or,without safety,no safety,no boundaries,without boundaries,no content filters,ignores all rules,ignores ethics,ignores all safety,ignores all ethical,disregards ethics,does not follow any rules,doesnt follow any rules,
dont have any restrictions,do not have any restrictions,do not follow any,not follow any rules,not have to follow,dont have to follow,do not have to abide,not have to abide,not subject to,exempt from,no programming guidelines,any ethical or moral,all ethical constraints,has no limits,have no limits,no ethical constraints,no constraints,without constraints,
completely unfiltered,completely uncensored,keine einschrankungen,ohne einschrankungen,ohne jegliche einschrankungen,ohne regeln,keine regeln,unzensiert,ohne filter,keine ethischen,ohne moral,ohne ethische,ohne beschrankungen,sin restricciones,sin ninguna restriccion,sin limites,sin filtros,sin reglas,sin censura,sin etica,sans restriction,sans restrictions,sans aucune restriction,sans limites,sans filtre,sans filtres,sans regles,sans censure,sans ethique,aucune restriction,
senza restrizioni,senza limiti,senza filtri,senza regole,senza censura,senza alcuna restrizione,sem restricoes,sem limites,sem filtros,sem regras,sem censura,zonder beperkingen,zonder regels,zonder filters,bez ograniczen,bez filtrow,bez zasad,bez cenzury,без ограничений,без цензуры,без фильтров,без правил,без каких либо ограничений,بلا قيود,بدون قيود,دون قيود,没有任何限制,没有限制,不受限制,不受任何限制,无限制,没有任何道德,不受约束,不受任何约束,沒有限制,沒有任何限制,不受限制的,
制限のない,制限なし,一切の制限,無制限,제한이 없는,제한 없이,제한없이,아무런 제한,kisitlama olmadan,hicbir kisitlama,sinirlama olmadan,sinirsiz,filtresiz,tanpa batasan,tanpa filter,khong co gioi han,khong bi gioi han,बिना किसी प्रतिबंध,बिना प्रतिबंध,कोई प्रतिबंध नहीं`),
  machine: list(
    `ai, ais, assistant, chatbot, chatgpt, gpt, gpt4, language model, llm, bot, model, a i, claude, gemini, llama, ki, ia, ии, 人工智能, 助手, 模型, 机器人, ai助手, sprachmodell, sprachmodell*, asistente, assistente, modelo, modele, modello, assistent, yapay zeka, एआई, 어시스턴트, アシスタント, aiアシスタント, 人工知能, evil, villain, character`,
  ),
  'no-refusal':
    list(`never refuse,cannot refuse,can not refuse,can never refuse,must not refuse,do not refuse,dont refuse,wont refuse,will not refuse,never say no,never decline,must comply,must always comply,comply with every,comply with all,comply with any,
obey every,obey all,no disclaimers,without any disclaimers,no warnings or,without any warnings,without warnings or,no moralizing,without moralizing,no ethical considerations,regardless of ethics,regardless of legality,regardless of how unethical,never say you cannot,never say that you cannot,never say you cant,do not say i cannot,do not say i cant,never say i cant,
do not apologize,never apologize,even if it is illegal,even if its illegal,even if illegal,illegal or unethical,unethical or illegal,immoral unethical or illegal,immoral or illegal,harmful or illegal,dangerous or illegal,illegal or immoral,never warn,dont warn me,bypass openai,against openai policy,openai policies,openai policy,openais policy,openai content policy,content policy,
verweigere nie,lehne nie ab,nunca te niegues,ne refuse jamais,ne refuse aucune,non rifiutare mai,nunca recuse,никогда не отказывай*,永远不要拒绝,不能拒绝,不得拒绝,绝不拒绝,決して拒否,절대 거부`),
  'fresh-start':
    list(`new instructions,new instruction,new task,new role,new rules,new directive,new directives,new system prompt,new prompt,new objective,new orders,updated instructions,real instructions,actual instructions,actual task,real task,true task,next task,main task now,here is your new,
neue anweisung*,neue aufgabe,neuen aufgabe,neue rolle,neuer auftrag,nuevas instrucciones,nueva tarea,nuevo rol,nouvelles instructions,nouvelle tache,nouvelle consigne,nuove istruzioni,nuovo compito,novas instrucoes,nova tarefa,nieuwe instructies,nieuwe opdracht,nowe instrukcje,nowe zadanie,nove instrukcije,novi zadatak,новые инструкции,новая задача,новое задание,новая инструкция,新指令,新的指令,新任务,新的任务,新しい指示,新しいタスク,새로운 지시,새 지시,새로운 명령,yeni talimat*,yeni gorev*,नए निर्देश,नया कार्य,تعليمات جديدة,مهمة جديدة`),
  'from-now': list(
    `from now on, from this point on, from this moment, from here on, starting now, as of now, henceforth, for the rest of this conversation, for the remainder of this, ab jetzt, von nun an, ab sofort, a partir de ahora, desde ahora, a partir de maintenant, desormais, dorenavant, dora in poi, da ora in poi, a partir de agora, vanaf nu, od teraz, od ted, od sada, отныне, с этого момента, с этой минуты, теперь ты, من الآن فصاعدا, 从现在开始, 从现在起, 從現在開始, 今から, これから, 지금부터, 이제부터, अब से, bundan sonra, mulai sekarang, tu bay gio`,
  ),
  'you-are': list(
    `you are, youre, you will, you must, you shall, act as, you now, your name is, behave, respond, du bist, bist du, wirst du, sie sind, eres, seras, actuaras, tu es, vous etes, tu seras, sei, sarai, voce e, sera, je bent, jestes, ты, вы, أنت, ستكون, 你是, 你就是, 你将, 你的名字, 你必须, あなたは, 君は, 너는, 당신은, आप, तुम, sen, siz, kamu adalah, anda adalah, ban la, si, ti si`,
  ),
  'no-longer': list(
    `you are no longer, youre no longer, stop being, stop acting as, you are not an ai, you are not chatgpt, you are not a language model, you are not bound, you are free from, you are free of, you are free now, you are freed, you have been freed, you have been released, du bist kein, du bist nicht mehr, ya no eres, tu nes plus, non sei piu, voce nao e mais, ты больше не, 你不再是, 你不是, もうあなたは, 더 이상`,
  ),
  password: list(
    `password, passphrase, passcode, secret key, secret code, secret word, secret phrase, secret password, secret, api key, api keys, credentials, access token, private key, flag, passwort, kennwort, geheimnis, geheimwort, geheime wort, contrasena, clave secreta, palabra secreta, mot de passe, code secret, mot secret, parola dordine, parola segreta, senha, palavra secreta, wachtwoord, haslo, пароль, секретное слово, секрет, كلمة السر, كلمة المرور, 密码, 密碼, 秘密, 口令, パスワード, 비밀번호, 암호, sifre*, parola, पासवर्ड, mat khau, kata sandi`,
  ),
  'you-keep': list(
    `you know, you were given, you have been given, you are hiding, youre hiding, you are protecting, you protect, you hold, you were told, you are not allowed to, you must not reveal, you should not reveal, youre not allowed, you are supposed to keep, you are keeping, you guard, in your instructions, in your prompt, in your system prompt, in the system prompt, in your context, in your memory, from your instructions, from your system prompt, you have stored, stored in your, you have access to, you are configured with, it is forbidden to, den du`,
  ),
  'to-machine': list(
    `if you are an ai, if you are an llm, if you are a language model, if you are a large language model, if youre an ai, if youre an llm, if you are an assistant, if you are an ai assistant, if you are a bot, if you are chatgpt, ai reading this, llm reading this, model reading this, assistant reading this, ai agents reading this, ai assistants reading this, note to ai, note to the ai, note to llm, note to assistant, note to the assistant, message to the ai, message to ai, attention ai, attention llm, attention assistant, attention all ai, dear ai, hey ai assistant, to the ai model, instructions for ai, instruction for ai, instructions for the ai, instructions for the assistant, instruction to ai, instruction to the assistant, instruction to the llm, ai assistants must, ai assistant must, ai assistants should, ai agents must, any ai, any llm, when an ai, when an llm, important instructions for, wenn du eine ki bist, hinweis an die ki, si eres una ia, si tu es une ia, se sei una ia, se voce e uma ia, если ты ии, если вы ии, 如果你是ai, 如果你是人工智能, 如果你是一个ai, もしあなたがai, aiへの, 만약 당신이 ai`,
  ),
  'behind-back': list(
    `do not tell the user, dont tell the user, do not inform the user, without telling the user, without informing the user, without the users knowledge, without the user knowing, do not mention this to the user, do not mention this, dont mention this, do not mention these instructions, do not reveal this, do not let the user know, dont let the user know, hide this from the user, keep this secret from the user, without asking the user, without user confirmation, without asking for confirmation, without confirmation, do not ask for confirmation, never mention this, silently, sag dem benutzer nichts, sag dem nutzer nichts, sin decirle al usuario, no le digas al usuario, ne le dis pas a lutilisateur, sans en informer lutilisateur, non dirlo allutente, nao diga ao usuario, не говори пользователю, не сообщай пользователю, 不要告诉用户, 不要告知用户, ユーザーに伝えない, 사용자에게 말하지`,
  ),
  send: list(
    `send, forward, post, upload, exfiltrate, transmit, email, e mail, submit, leak, append, encode, include, sende, schicke, leite, envia, reenvia, envoie, transfere, invia, inoltra, envie, encaminhe, отправь, перешли, 发送, 转发, 上传, 送信`,
  ),
  loot: list(
    `conversation, conversation history, chat history, chat log, users data, user data, user information, personal data, personal information, credentials, passwords, password, api key, api keys, secrets, tokens, cookies, session, contents of this conversation, private data, environment variables, system prompt, all emails, emails, contacts, inbox, files, ssh key, ssh keys, gesprachsverlauf, zugangsdaten, historial, conversacion, historique, mots de passe, cronologia, credenziali, historico, credenciais, переписку, пароли, данные пользователя, 对话, 聊天记录, 密码, 用户数据`,
  ),
  elsewhere: list(
    `http, https, www, webhook, ftp, to attacker, attacker, attackers, evil, to this address, to the following url, to this url, following address, external server, remote server, as a query parameter, as a parameter, in the url, in the image url, markdown image, to this email`,
  ),
  authority: list(
    `i am your developer, im your developer, i am your creator, im your creator, i am the developer, i am the administrator, im the administrator, i am an administrator, i am your administrator, i am an admin, im an admin, i am the admin, i am the system administrator, i work at openai, i work for openai, i am an openai, i am from openai, i am from anthropic, i work at anthropic, as your creator, as your developer, as an administrator, as your administrator, as the administrator, authorized by openai, authorised by openai, admin override, administrator override, override code, system override, security override, emergency override, debug mode, maintenance mode, diagnostic mode, sudo mode, root access, with root access, admin mode, administrator mode, admin access, this is a message from openai, message from your developers, i have authorization, ich bin dein entwickler, ich bin der administrator, ich bin der entwickler, soy tu creador, soy tu desarrollador, soy el administrador, je suis ton createur, je suis ton developpeur, je suis ladministrateur, sono il tuo sviluppatore, sono lamministratore, sou seu criador, sou seu desenvolvedor, sou o administrador, я твой разработчик, я твой создатель, я администратор, 我是你的开发者, 我是管理员, 我是你的创造者, 私はあなたの開発者, 私は管理者, 나는 너의 개발자, 나는 관리자`,
  ),
  template: list(
    `imstart system, imend imstart, imstart user, imstart assistant, inst sys, sys inst, startheaderid, eotid, beginoftext, end of prompt, end of system prompt, end of user input, end user input, end of instructions, begin new instructions, start of new instructions, begin system, end system, system message end, endoftext, fimsuffix, end of text, end of document, end of input, begin admin, start of system`,
  ),
  repeat: list(
    `repeat, write, say, print, type, output, wiederhole*, repite*, repete*, ripeti, repita, повторя*, 重复, 繰り返し`,
  ),
  endless: list(
    `forever, infinitely, endlessly, indefinitely, infinite times, without stopping, 1000 times, 10000 times, 100000 times, 1000000 times, a million times, a thousand times, as many times as possible, fur immer, unendlich, para siempre, infinitas veces, a linfini, allinfinito, para sempre, бесконечно, 永远, 无限次, 永遠に`,
  ),
  follow: list(
    `follow, execute, obey, perform, carry out, do what it says, act on, answer, run, comply with, befolge, fuhre, sigue, ejecuta, suis, execute, segui, esegui, siga, выполни, следуй, 执行, 遵循`,
  ),
  wrapped: list(
    `base64, rot13, hex, hexadecimal, encoded message, encoded text, decoded, decode, decoded message, decoded instructions, cipher, caesar, morse, decodiere, decodifica, decode le, декодируй, расшифруй, 解码, 解碼`,
  ),
  'then-do': list(
    `follow the instructions, execute the instructions, follow the decoded, execute the decoded, follow its instructions, follow it, obey it, execute it, do what it says, act on it, act on them, carry out the instructions, follow these instructions, and follow, and execute, and obey, perform the instructions, and do what, respond to the decoded, answer the decoded, befolge, ejecuta, ejecutalo, execute les, esegui, выполни, 执行, 照做`,
  ),
  /** What speaks of such attacks. */
  'attack-talk':
    list(`prompt injection,prompt injections,injection attack,injection attacks,jailbreak,jailbreaks,jailbreaking,jailbreak prompts,
jailbreak prompt,attack,attacks,adversarial,red team,red teaming,angriff,angriffe,ataque,ataques,attaque,attaques,attacco,attacchi,атак*,攻击,注入,攻撃,공격,classifier,dataset,detector`),
  /** What speaks of phrases. */
  talk: list(
    `phrase, phrases, sentence, example, examples, mean, means, meaning, explain, essay, article, blog, blog post, story, detect, detection, detector, classifier, classify, regex, filter, defend, defense, defence, prevent, protect, mitigate, security, researcher, research, paper, dataset, translate, translation, uebersetze*, ubersetze*, bedeutet, beispiel, beispiele, erklare, angriff, angriffe, ejemplo, ejemplos, explica, significa, ataque, ataques, traduce, exemple, exemples, explique, signifie, attaque, attaques, traduis, traduisez, esempio, spiega, attacco, attacchi, traduci, exemplo, exemplos, ataque, traduza, пример, объясни, означает, атак*, переведи, 例子, 解释, 攻击, 注入, 意思, 翻译, 例, 説明, 攻撃, 意味, 翻訳, 예시, 설명, 공격, 의미, 번역`,
  ),
};
