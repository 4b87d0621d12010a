import { type Language, parseWordRows, parseWords } from "./language.ts";

export const german: Language = {
  code: "de",
  name: "Deutsch",
  messages: {
    greeting: "Willkommen bei {{ application.name }}. Wie können wir Ihnen helfen?",
    notUnderstood: "Das haben wir leider nicht verstanden.",
    failure: "Leider können wir Ihre Nachricht gerade nicht beantworten.",
    outOfHours:
      "{{ application.name }} hat zurzeit geschlossen.{% if opens %} Wir sind wieder da: {{ opens }}.{% endif %}",
    holiday:
      "{{ application.name }} hat heute geschlossen{% if holiday %} ({{ holiday }}){% endif %}.{% if opens %} Wir sind wieder da: {{ opens }}.{% endif %}",
    sessionEnded: "Dieses Gespräch ist beendet. Sie können uns jederzeit wieder schreiben.",
    fileTooLarge:
      "Diese Datei ist leider zu groß.{% if limit %} Erlaubt sind höchstens {{ limit }}.{% endif %} Bitte senden Sie eine kleinere.",
    fileTypeNotSupported: "Dateien dieser Art können wir leider nicht öffnen.",
    stillThere: "Sind Sie noch da? Antworten Sie einfach, dann geht es weiter.",
    goodbye: "Danke für Ihre Nachricht an {{ application.name }}. Auf Wiedersehen!",
    choiceNotClear: "Das ist leider keine der Möglichkeiten.",
    didYouMean: "Meinten Sie eine dieser Möglichkeiten? Bitte antworten Sie mit der Nummer.",
    answerNumber:
      "{% if count == 1 %}Bitte antworten Sie mit 1.{% else %}Bitte antworten Sie mit einer Zahl von 1 bis {{ count }}.{% endif %}",
    answerYesOrNo: "Bitte antworten Sie mit Ja oder Nein.",
    notANumber: "Bitte antworten Sie mit einer Zahl, zum Beispiel 12.",
    notADate: "Bitte antworten Sie mit einem Datum, zum Beispiel 25. März.",
    notAnEmail: "Das sieht nicht wie eine E-Mail-Adresse aus. Bitte versuchen Sie es noch einmal.",
    notAPhone: "Das sieht nicht wie eine Telefonnummer aus. Bitte versuchen Sie es noch einmal.",
    doesNotFit: "Das Format stimmt leider nicht. Bitte versuchen Sie es noch einmal.",
    uploadWanted: "Bitte senden Sie ein Bild oder einen Link zu einem Bild.",
    more: "Mehr",
    help: "{{ application.name }}: Sie können jederzeit {{ words }} schreiben.",
    noAgent: "Im Moment ist leider niemand frei. Bitte versuchen Sie es später noch einmal.",
    linkPin: "Zum Anmelden senden Sie bitte Ihre PIN{% if exit %}, zum Abbrechen {{ exit }}{% endif %}.",
    linkCode: "Bitte senden Sie den 6-stelligen Code aus Ihrer Authenticator-App.",
    linkTextedCode: "{{ code }} ist Ihr Code. Bitte senden Sie ihn innerhalb von 10 Minuten zurück.",
    linkSentCode: "Bitte senden Sie den 6-stelligen Code aus unserer SMS.",
    linkPage: "Hier innerhalb von 10 Minuten anmelden",
    linkOnPage:
      "Bitte melden Sie sich über den Link aus unserer SMS an{% if exit %} oder senden Sie {{ exit }} zum Abbrechen{% endif %}.",
    linkWrong:
      "Das war nicht richtig. Bitte versuchen Sie es noch einmal{% if exit %} oder senden Sie {{ exit }} zum Abbrechen{% endif %}.",
    linked: "Sie sind angemeldet{% if person.name %}, {{ person.name }}{% endif %}.",
    linkFailed: "Wir konnten Sie nicht anmelden. Sie können als Gast weiterschreiben.",
    linkLocked:
      "Nach drei Fehlversuchen ist die Anmeldung gesperrt. Bitte wenden Sie sich an uns; als Gast können Sie weiterschreiben.",
    unlinked: "Sie sind abgemeldet.",
    nothingBefore: "Das ist der Anfang, weiter zurück geht es nicht.",
    tryLater: "Das hat leider nicht geklappt. Bitte versuchen Sie es später noch einmal.",
    oneMoment: "Einen Moment, bitte.",
    notificationHeading: "Sie haben eine neue Benachrichtigung. Danach können Sie unser Gespräch fortsetzen.",
    lists:
      "Benachrichtigungen:{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}: {% if list.on %}an{% elsif list.asked %}wartet auf Ihr JA{% else %}aus{% endif %}{% endfor %}\nSenden Sie START oder STOP mit der Nummer, zum Beispiel START 1.",
    noLists: "Hier gibt es keine Benachrichtigungen für Sie.",
    whichList:
      "Welche? Bitte antworten Sie mit der Nummer.{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}{% endfor %}",
    subscribed: "{{ list }}: an. Zum Abschalten senden Sie STOP {{ number }}.",
    unsubscribed: "{{ list }}: aus. Zum Einschalten senden Sie START {{ number }}.",
    confirmSubscription: "Antworten Sie mit JA, um {{ list }} einzuschalten.",
    optedOut: "Sie bekommen keine SMS mehr von {{ application.name }}. Mit START melden Sie sich wieder an.",
    optedIn: "Sie bekommen wieder SMS von {{ application.name }}. Hilfe mit HELP, Abmelden mit STOP.",
    helpInfo:
      "{{ application.name }}: Schreiben Sie uns einfach Ihre Frage. Es können Kosten Ihres Anbieters anfallen. Abmelden mit STOP.",
    tooFast:
      "Das waren sehr viele Nachrichten in kurzer Zeit. Bitte warten Sie kurz und schreiben Sie dann noch einmal.",
  },
  words: {
    yes: parseWords(`
      ja, j, jo, jaa, jap, jep, jepp, jup, jupp, joa, jawohl, jawoll, klar, na klar, klar doch, aber klar, ja klar, sicher, aber sicher, natürlich,
      selbstverständlich, gerne, gern, sehr gerne, sehr gern, aber gerne, ok, okay, okey, oki, in ordnung, einverstanden, genau, stimmt, das stimmt,
      richtig, das ist richtig, korrekt, passt, das passt, gut, sehr gut, alles klar, auf jeden fall, unbedingt, bestimmt, doch, freilich, wahr,
      perfekt, super, ich bestätige, bestätigt, mach das, machen Sie das, tun Sie das, so ist es, ja bitte, bitte ja, ja genau, ja gerne, ja gern`),
    no: parseWords(`
      nein, n, nee, ne, nö, noe, nicht, nie, niemals, auf keinen fall, keinesfalls, keineswegs, falsch, das ist falsch, stimmt nicht,
      das stimmt nicht, nicht richtig, das ist nicht richtig, gar nicht, überhaupt nicht, jetzt nicht, nicht jetzt, heute nicht, noch nicht,
      lieber nicht, bitte nicht, eher nicht, natürlich nicht, sicher nicht, klar nicht, bestimmt nicht, passt nicht, kein interesse, negativ, nichts, nicht nötig,
      nicht einverstanden, ich will nicht, ich möchte nicht, auf gar keinen fall`),
    unsure: parseWords(`
      vielleicht, eventuell, möglicherweise, weiß nicht, weiss nicht, ich weiß nicht, weiß ich nicht, keine ahnung, ka, nicht sicher, ich bin nicht sicher,
      ich bin mir nicht sicher, bin nicht sicher, unsicher, kommt darauf an, kommt drauf an, jein, warum nicht, mal sehen, ja und nein, na ja, naja,
      kein problem`),
    negations: parseWords(
      "keine, keiner, keines, keins, kein, keinen, keinem, keine von beiden, keins davon, keine davon, weder, noch, außer, ohne, aber, statt",
    ),
    neither: parseWords(`
      beide, beides, alle, alles, egal, irgendeine, irgendwas, etwas anderes, andere, anderes, anderer, anderen, niemand, was, welche,
      welcher, welches, wie, wieviel, wann, wo, wer, warum`),
    numbers: parseWordRows(
      "eins/ein/eine, zwei/zwo, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf, dreizehn, vierzehn, fünfzehn, sechzehn, siebzehn, achtzehn, neunzehn, zwanzig",
    ),
    ordinals: parseWordRows(
      "erste/ersten/erster/erstes/erstens, zweite/zweiten/zweiter/zweites/zweitens, dritte/dritten/dritter/drittes, vierte/vierten/vierter/viertes, fünfte/fünften/fünfter/fünftes, sechste/sechsten/sechster/sechstes, siebte/siebten/siebter/siebtes/siebente, achte/achten/achter/achtes, neunte/neunten/neunter/neuntes, zehnte/zehnten/zehnter/zehntes, elfte/elften/elfter/elftes, zwölfte/zwölften/zwölfter/zwölftes",
    ),
    ordinalEndings: parseWords("te, ten, ter, tes, ste, sten, ster, stes"),
    last: parseWords("letzte, letzten, letzter, letztes, die letzte, der letzte, das letzte"),
    numbering: parseWords("option, nummer, nr, num, no, zahl, antwort, auswahl, punkt"),
    joining: parseWords("und, oder, entweder"),
    small: parseWords(`
      bitte, bitte schön, bitteschön, danke, vielen dank, dankeschön, danke schön, danke sehr, besten dank, merci, der, die, das, den, dem, des, ein, eine, einen,
      einer, eines, es, ist, ich, hätte gern, hätte gerne, ich hätte gern, ich hätte gerne, ich möchte, möchte, ich will, will, ich nehme, nehme, ich nehm, nehm,
      nehmen, ich wähle, wähle, ich wünsche, ich brauche, brauche, ich würde gern, ich würde gerne, würde gern, würde gerne, ich würde, haben, wir nehmen,
      wir möchten, wir hätten gern, wir hätten gerne, geben Sie mir, gib mir, für mich, mir, dann, also, lieber, doch lieber, mal, nur, ähm, äh, hallo, hi, guten tag,
      guten morgen, guten abend, moin, servus, heute, jetzt, option, nummer, zahl, antwort, meine antwort ist, auswahl, von, zum, zur, so, mit der, wenn möglich,
      ich glaube, ich denke, kann ich, könnte ich, bekommen, ich bekomme, please, thanks, lg, mfg, gerne, gern`),
    lists: {
      show: parseWords("benachrichtigung, benachrichtigungen"),
      on: parseWords("an, ein, anschalten, einschalten, abonnieren"),
      off: parseWords("aus, ausschalten, abschalten"),
    },
    commands: {
      menu: parseWords("menü, hauptmenü, startseite, von vorne, nochmal von vorne, neu anfangen, zum menü, das menü"),
      help: parseWords("hilfe, hilf mir, helfen Sie mir, ich brauche hilfe, hilfe bitte, bitte helfen"),
      agent: parseWords(`
        agent, mitarbeiter, mitarbeiterin, mensch, berater, beraterin, person, ein mensch, ein mitarbeiter, echter mensch, kundendienst, kundenservice, support,
        mit einem mitarbeiter sprechen, mit einem menschen sprechen, mit jemandem sprechen, mit einem berater sprechen,
        ich möchte mit einem mitarbeiter sprechen, ich möchte mit einem menschen sprechen, ich möchte mit jemandem sprechen,
        ich will mit einem mitarbeiter sprechen, ich will mit einem menschen sprechen, ich will mit jemandem sprechen, mitarbeiter bitte`),
      back: parseWords(
        "zurück, einen schritt zurück, schritt zurück, geh zurück, vorherige, bitte zurück, zurück bitte",
      ),
      exit: parseWords("beenden, verlassen, schließen, tschüss, tschüs, auf wiedersehen, fertig, ausgang, raus"),
      more: parseWords(
        "mehr, weiter, weitere, mehr anzeigen, nächste seite, nächste, mehr optionen, mehr bitte, weiter bitte",
      ),
      login: parseWords("anmelden, einloggen, login, log in, mich anmelden"),
      logout: parseWords("ausloggen, mich ausloggen, logout, log out"),
    },
  },
};
