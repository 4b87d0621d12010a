import { type Language, parseWordRows, parseWords } from "./language.ts";

export const spanish: Language = {
  code: "es",
  name: "Español",
  messages: {
    greeting: "Le damos la bienvenida a {{ application.name }}. ¿En qué podemos ayudarle?",
    notUnderstood: "Lo sentimos, no hemos entendido su mensaje.",
    failure: "Lo sentimos, ahora no podemos responder a su mensaje.",
    outOfHours:
      "En este momento {{ application.name }} no atiende mensajes.{% if opens %} Abrimos de nuevo: {{ opens }}.{% endif %}",
    holiday:
      "Hoy {{ application.name }} no abre{% if holiday %} ({{ holiday }}){% endif %}.{% if opens %} Abrimos de nuevo: {{ opens }}.{% endif %}",
    sessionEnded: "Esta conversación ha terminado. Escríbanos cuando quiera.",
    fileTooLarge:
      "Lo sentimos, el archivo es demasiado grande.{% if limit %} Se admiten hasta {{ limit }}.{% endif %} Por favor, mande uno que pese menos.",
    fileTypeNotSupported: "Lo sentimos, no podemos abrir ese tipo de archivo.",
    stillThere: "¿Sigue ahí? Responda para continuar.",
    goodbye: "Gracias por escribir a {{ application.name }}. ¡Hasta pronto!",
    choiceNotClear: "Lo sentimos, esa no es una de las opciones.",
    didYouMean: "¿Se refiere a una de estas opciones? Responda con su número.",
    answerNumber: "{% if count == 1 %}Responda con 1.{% else %}Responda con un número del 1 al {{ count }}.{% endif %}",
    answerYesOrNo: "Por favor, responda sí o no.",
    notANumber: "Por favor, responda con un número, por ejemplo 12.",
    notADate: "Por favor, responda con una fecha, por ejemplo 25 de marzo.",
    notAnEmail: "Eso no parece un correo electrónico. Inténtelo de nuevo.",
    notAPhone: "Eso no parece un número de teléfono. Inténtelo de nuevo.",
    doesNotFit: "Ese dato no tiene el formato correcto. Inténtelo de nuevo.",
    uploadWanted: "Por favor, mande una foto o un enlace a una foto.",
    more: "Ver más",
    help: "{{ application.name }}: en cualquier momento puede escribir {{ words }}.",
    noAgent: "Lo sentimos, ahora no hay nadie disponible. Inténtelo más tarde.",
    linkPin: "Para identificarse, mande su PIN{% if exit %} o {{ exit }} para cancelar{% endif %}.",
    linkCode: "Mande el código de 6 cifras de su app de autenticación.",
    linkTextedCode: "{{ code }} es su código. Responda con él en menos de 10 minutos.",
    linkSentCode: "Mande el código de 6 cifras que le hemos enviado.",
    linkPage: "Identifíquese aquí en menos de 10 minutos",
    linkOnPage: "Use el enlace que le enviamos{% if exit %} o mande {{ exit }} para cancelar{% endif %}.",
    linkWrong: "No es correcto. Inténtelo de nuevo{% if exit %} o mande {{ exit }} para cancelar{% endif %}.",
    linked: "Ya se ha identificado{% if person.name %}, {{ person.name }}{% endif %}.",
    linkFailed: "No hemos podido identificarle. Puede continuar sin identificarse.",
    linkLocked:
      "Acceso bloqueado tras tres intentos fallidos. Hable con nosotros; mientras tanto puede continuar sin identificarse.",
    unlinked: "Ha cerrado sesión.",
    nothingBefore: "Ya está al principio, no se puede volver más atrás.",
    tryLater: "Lo sentimos, no ha funcionado. Inténtelo más tarde.",
    oneMoment: "Un momento, por favor.",
    notificationHeading: "Tiene un aviso nuevo. Puede seguir conversando después de leerlo.",
    lists:
      "Avisos:{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}: {% if list.on %}activado{% elsif list.asked %}falta confirmar{% else %}desactivado{% endif %}{% endfor %}\nResponda START o STOP con la cifra, por ejemplo START 1.",
    noLists: "Aquí no hay avisos para usted.",
    whichList:
      "¿Cuál? Responda con su número.{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}{% endfor %}",
    subscribed: "{{ list }}: activado. Para desactivarlo, escriba STOP {{ number }}.",
    unsubscribed: "{{ list }}: desactivado. Para activarlo, escriba START {{ number }}.",
    confirmSubscription: "Responda SÍ para activar {{ list }}.",
    optedOut: "Ha dado de baja los mensajes de {{ application.name }}. Si los quiere de nuevo, escriba START.",
    optedIn:
      "Ha vuelto a activar los mensajes de {{ application.name }}. Escriba HELP si necesita ayuda o STOP para darse de baja.",
    helpInfo:
      "{{ application.name }}: escriba su pregunta. Se pueden aplicar tarifas de mensajes y datos. Para darse de baja, escriba STOP.",
    tooFast: "Ha enviado muchos mensajes en poco tiempo. Espere un momento y vuelva a escribir.",
  },
  words: {
    yes: parseWords(`
      sí, s, si, sii, sip, sep, sipi, claro, claro que sí, por supuesto, desde luego, vale, okey, ok, dale, bueno, va, venga, correcto, exacto,
      exactamente, así es, eso es, cierto, verdad, es verdad, de acuerdo, conforme, afirmativo, perfecto, genial, está bien, muy bien, bien,
      seguro, sin duda, cómo no, obvio, por favor sí, me parece bien, confirmo, confirmado, hágalo, adelante, acepto, simón, órale, ándale,
      sí señor, sí señora, sí quiero, sí lo quiero, lo confirmo, con gusto`),
    no: parseWords(`
      no, n, nop, nope, nel, nah, para nada, de ninguna manera, en absoluto, claro que no, por supuesto que no, desde luego que no, nunca, jamás,
      negativo, incorrecto, falso, ahora no, hoy no, todavía no, aún no, mejor no, no quiero, no lo quiero, no es así, no es correcto, no está bien, nada,
      no lo haga, ni hablar, tampoco, no me interesa, no acepto, creo que no`),
    unsure: parseWords(`
      quizás, quizá, tal vez, a lo mejor, puede ser, no sé, no lo sé, no estoy seguro, no estoy segura, depende, ni idea, sí y no, por qué no, no sabría,
      más o menos, no hay problema, sin problema`),
    negations: parseWords("ninguno, ninguna, ningún, ni, excepto, menos, sin, pero, salvo"),
    neither: parseWords(`
      ambos, ambas, los dos, las dos, todo, todos, todas, cualquiera, cualquier, otro, otra, otros, otras, otra cosa, nadie, algo, qué,
      cuál, cuánto, cuánta, cuántos, cómo, cuándo, dónde, quién, por qué`),
    numbers: parseWordRows(
      "uno/una/un, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce, trece, catorce, quince, dieciséis, diecisiete, dieciocho, diecinueve, veinte",
    ),
    ordinals: parseWordRows(
      "primero/primera/primer, segundo/segunda, tercero/tercera/tercer, cuarto/cuarta, quinto/quinta, sexto/sexta, séptimo/séptima, octavo/octava, noveno/novena, décimo/décima",
    ),
    ordinalEndings: parseWords("o, a, er, ro, ra, do, da, to, ta, mo, ma, vo, va, no, na"),
    last: parseWords("último, última, el último, la última, final"),
    numbering: parseWords("opción, número, núm, num, nro, no, n, respuesta"),
    joining: parseWords("y, e, o, u"),
    small: parseWords(`
      por favor, porfa, porfavor, xfa, xfavor, pf, gracias, muchas gracias, mil gracias, el, la, lo, los, las, un, una, unos, unas, uno, de, del, al, es,
      quiero, quisiera, querría, me gustaría, deseo, prefiero, elijo, escojo, necesito, tomo, tomaré, me quedo con, me da, deme, dame, póngame, ponme,
      me pone, quiero la, quiero el, vamos con, voy con, la de, el de, mejor, solo, sólo, entonces, pues, eh, hola, buenas, buenos días, buenas tardes,
      creo que, creo, me puede dar, puede ser la, para mí, esa, ese, eso, esta, este, ahora, hoy, opción, número, respuesta, mi respuesta es, sería, que sea,
      please, thanks, le agradezco, muy amable, si es posible, yo, quiero pedir, señor, señora`),
    lists: {
      show: parseWords("aviso, avisos, notificación, notificaciones"),
      on: parseWords("activar, activado, alta"),
      off: parseWords("desactivar, desactivado, baja"),
    },
    commands: {
      menu: parseWords("menú, menú principal, inicio, empezar de nuevo, volver al menú, ir al menú, ver menú, el menú"),
      help: parseWords("ayuda, ayúdame, ayúdeme, necesito ayuda, ayuda por favor, información, qué puedo hacer"),
      agent: parseWords(`
        agente, persona, humano, asesor, asesora, operador, operadora, representante, una persona, un agente, un asesor, hablar con un agente,
        hablar con una persona, hablar con alguien, hablar con un asesor, hablar con un humano, quiero hablar con un agente, quiero hablar con una persona,
        quiero hablar con alguien, quiero hablar con un asesor, atención al cliente, soporte, una persona real`),
      back: parseWords("atrás, volver, regresar, anterior, volver atrás, ir atrás, un paso atrás"),
      exit: parseWords("salir, adiós, terminar, cerrar, hasta luego, chao, chau, hasta pronto"),
      more: parseWords(
        "más, ver más, mostrar más, siguiente, siguientes, más opciones, página siguiente, siguiente página",
      ),
      login: parseWords("iniciar sesión, entrar, identificarme, acceder"),
      logout: parseWords("cerrar sesión, desconectar, desconectarme"),
    },
  },
};
