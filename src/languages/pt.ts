import { type Language, parseWordRows, parseWords } from "./language.ts";

export const portuguese: Language = {
  code: "pt",
  name: "Português",
  messages: {
    greeting: "Olá! Você está falando com {{ application.name }}. Como podemos ajudar?",
    notUnderstood: "Desculpe, não entendemos a sua mensagem.",
    failure: "Lamentamos, mas agora não podemos responder à sua mensagem.",
    outOfHours: "{{ application.name }}: estamos fechados no momento.{% if opens %} Voltamos: {{ opens }}.{% endif %}",
    holiday:
      "{{ application.name }}: hoje estamos fechados{% if holiday %} ({{ holiday }}){% endif %}.{% if opens %} Voltamos: {{ opens }}.{% endif %}",
    sessionEnded: "Esta conversa terminou. Escreva de novo quando quiser.",
    fileTooLarge:
      "Desculpe, o arquivo passa do limite{% if limit %} de {{ limit }}{% endif %}. Por favor, mande um menor.",
    fileTypeNotSupported: "Desculpe, esse tipo de arquivo não é aceito.",
    stillThere: "Você ainda está aí? É só responder para continuar.",
    goodbye: "{{ application.name }} agradece o seu contato. Até logo!",
    choiceNotClear: "Desculpe, essa não é uma das opções.",
    didYouMean: "Você quis dizer uma destas? Responda com o número da opção.",
    answerNumber:
      "{% if count == 1 %}Por favor, responda 1.{% else %}Por favor, responda com um número de 1 a {{ count }}.{% endif %}",
    answerYesOrNo: "Por favor, responda sim ou não.",
    notANumber: "Por favor, responda com um número, por exemplo 12.",
    notADate: "Por favor, responda com uma data, por exemplo 25 de abril.",
    notAnEmail: "Isso não parece um e-mail. Tente de novo, por favor.",
    notAPhone: "Isso não parece um telefone. Tente de novo, por favor.",
    doesNotFit: "O formato não está certo. Tente de novo, por favor.",
    uploadWanted: "Por favor, mande uma foto ou um link para uma foto.",
    more: "Ver mais",
    help: "{{ application.name }}: a qualquer momento, escreva {{ words }}.",
    noAgent: "Desculpe, agora não há ninguém disponível. Tente mais tarde.",
    linkPin: "Para se identificar, mande o seu PIN{% if exit %} ou {{ exit }} para cancelar{% endif %}.",
    linkCode: "Mande o código de 6 dígitos do seu app autenticador.",
    linkTextedCode: "{{ code }} é o seu código. Mande de volta em 10 minutos.",
    linkSentCode: "Mande o código de 6 dígitos que enviamos.",
    linkPage: "Identifique-se aqui em 10 minutos",
    linkOnPage: "Use o link que enviamos{% if exit %} ou mande {{ exit }} para cancelar{% endif %}.",
    linkWrong: "Não está certo. Tente de novo{% if exit %} ou mande {{ exit }} para cancelar{% endif %}.",
    linked: "Acesso confirmado{% if person.name %}, {{ person.name }}{% endif %}.",
    linkFailed: "Acesso não confirmado. Você pode continuar sem se identificar.",
    linkLocked: "Acesso bloqueado após três erros. Fale conosco ou siga sem entrar.",
    unlinked: "Sua sessão foi encerrada.",
    nothingBefore: "Você já está no início, não há nada antes.",
    tryLater: "Desculpe, não deu certo. Tente mais tarde, por favor.",
    oneMoment: "Um momento, por favor.",
    notificationHeading: "Chegou um novo aviso. Depois de ler, pode continuar a conversa.",
    lists:
      "Avisos:{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}: {% if list.on %}ativado{% elsif list.asked %}falta confirmar{% else %}desativado{% endif %}{% endfor %}\nEnvie START ou STOP com o item, por exemplo START 1.",
    noLists: "Aqui não há avisos para você.",
    whichList:
      "Qual deles? Responda com o número.{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}{% endfor %}",
    subscribed: "{{ list }}: ativado. Para desativar, envie STOP {{ number }}.",
    unsubscribed: "{{ list }}: desativado. Para ativar, envie START {{ number }}.",
    confirmSubscription: "Responda SIM para ativar {{ list }}.",
    optedOut: "As mensagens de {{ application.name }} foram canceladas. Para voltar a receber, envie START.",
    optedIn: "As mensagens de {{ application.name }} foram reativadas. Envie HELP para ajuda ou STOP para sair.",
    helpInfo:
      "{{ application.name }}: escreva a sua pergunta. Pode haver custo de mensagens e dados. Para sair, envie STOP.",
    tooFast: "Foram muitas mensagens em pouco tempo. Aguarde um momento e escreva de novo.",
  },
  words: {
    yes: parseWords(`
      sim, s, ss, sin, claro, claro que sim, com certeza, certo, certeza, tá certo, está certo, está correto, correto, exato, exatamente, isso, isso mesmo,
      é isso, é, é sim, isso aí, ok, okay, okey, tá, tá bom, tá bem, está bem, está bom, tudo bem, pode ser, pode, pode sim, combinado, beleza, blz, fechado,
      perfeito, ótimo, bom, boa, positivo, afirmativo, verdade, é verdade, de acordo, concordo, confirmo, confirmado, aceito, quero, quero sim, com prazer,
      por favor sim, sim senhor, sim senhora, vamos, bora, pois, pois sim, uhum, aham, yep, sem dúvida, óbvio, lógico, joia, faça isso`),
    no: parseWords(`
      não, n, nao, naum, nn, não não, num, de jeito nenhum, de maneira nenhuma, de forma alguma, claro que não, com certeza não, nunca, jamais, negativo,
      incorreto, errado, está errado, tá errado, falso, agora não, hoje não, ainda não, melhor não, não quero, eu não quero, não é, não é isso,
      não está certo, não tá certo, nada, nada disso, nem pensar, não mesmo, não concordo, não aceito, acho que não, não precisa, nenhum interesse, pode não`),
    unsure: parseWords(`
      talvez, quem sabe, não sei, não sei não, sei lá, não tenho certeza, depende, nem ideia, não faço ideia, sim e não, por que não, porque não, pode ser que sim,
      mais ou menos, sem problema, sem problemas, não tem problema`),
    negations: parseWords("nenhum, nenhuma, nenhum deles, nenhuma delas, nem, exceto, menos, sem, mas"),
    neither: parseWords(`
      ambos, ambas, os dois, as duas, tudo, todos, todas, qualquer, qualquer um, qualquer uma, outro, outra, outros, outras, outra coisa,
      ninguém, algo, que, o que, qual, quanto, quanta, como, quando, onde, quem, por que, porque`),
    numbers: parseWordRows(
      "um/uma, dois/duas, três, quatro, cinco, seis, sete, oito, nove, dez, onze, doze, treze, catorze/quatorze, quinze, dezesseis/dezasseis, dezessete/dezassete, dezoito, dezenove/dezanove, vinte",
    ),
    ordinals: parseWordRows(
      "primeiro/primeira, segundo/segunda, terceiro/terceira, quarto/quarta, quinto/quinta, sexto/sexta, sétimo/sétima, oitavo/oitava, nono/nona, décimo/décima",
    ),
    ordinalEndings: parseWords("o, a, º, ª, ro, ra, do, da, to, ta, mo, ma, vo, va, no, na"),
    last: parseWords("último, última, o último, a última, final"),
    numbering: parseWords("opção, número, núm, num, nro, no, n, nr, resposta"),
    joining: parseWords("e, ou"),
    small: parseWords(`
      por favor, porfavor, pf, pfv, pfvr, pfvor, fazendo favor, se faz favor, sff, obrigado, obrigada, muito obrigado, muito obrigada, obg, obgd, vlw, valeu, grato, grata,
      o, a, os, as, um, uma, uns, umas, de, do, da, dos, das, é a, é o, eu, quero, eu quero, queria, eu queria, gostaria, gostaria de, eu gostaria de, desejo,
      prefiro, eu prefiro, escolho, eu escolho, preciso, vou querer, eu vou querer, vou de, vou com, vou ficar com, fico com, vou pegar, me vê, me dá, me dê,
      pode ser a, pode ser o, quero a, quero o, para mim, pra mim, então, só, apenas, melhor, bem, eh, oi, olá, bom dia, boa tarde, boa noite, acho que,
      acho, acho que vou de, esse, essa, este, esta, isso, aquele, aquela, agora, hoje, opção, número, resposta, minha resposta é, seria, se possível,
      senhor, senhora, moço, moça, please, thanks, pedir`),
    lists: {
      show: parseWords("aviso, avisos, notificação, notificações"),
      on: parseWords("ativar, ativado, ligar"),
      off: parseWords("desativar, desativado, desligar"),
    },
    commands: {
      menu: parseWords("menu, menu principal, início, começar de novo, recomeçar, voltar ao menu, o menu, ver menu"),
      help: parseWords("ajuda, me ajuda, me ajude, preciso de ajuda, socorro, ajuda por favor, informações"),
      agent: parseWords(`
        atendente, agente, pessoa, humano, operador, operadora, uma pessoa, um atendente, um humano, falar com atendente, falar com um atendente,
        falar com uma pessoa, falar com alguém, falar com humano, falar com um humano, quero falar com um atendente, quero falar com atendente,
        quero falar com uma pessoa, quero falar com alguém, suporte, atendimento, pessoa real`),
      back: parseWords("voltar, volta, anterior, atrás, voltar atrás, para trás, um passo atrás, retornar"),
      exit: parseWords("sair, encerrar, terminar, fechar, tchau, adeus, até logo, até mais"),
      more: parseWords(
        "mais, ver mais, mostrar mais, próximo, próxima, próxima página, mais opções, outras opções, seguinte",
      ),
      login: parseWords("entrar, acessar, fazer login, iniciar sessão"),
      logout: parseWords("desconectar, encerrar sessão, fazer logout, sair da conta"),
    },
  },
};
