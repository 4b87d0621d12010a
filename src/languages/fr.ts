import { type Language, parseWordRows, parseWords } from "./language.ts";

export const french: Language = {
  code: "fr",
  name: "Français",
  messages: {
    greeting: "Bienvenue chez {{ application.name }}. Comment pouvons-nous vous aider ?",
    notUnderstood: "Désolé, nous n'avons pas compris votre message.",
    failure: "Désolé, nous ne pouvons pas répondre à votre message pour le moment.",
    outOfHours:
      "{{ application.name }} est fermé pour le moment.{% if opens %} Prochaine ouverture : {{ opens }}.{% endif %}",
    holiday:
      "{{ application.name }} est fermé aujourd'hui{% if holiday %} ({{ holiday }}){% endif %}.{% if opens %} Prochaine ouverture : {{ opens }}.{% endif %}",
    sessionEnded: "Cette conversation est terminée. Vous pouvez nous écrire à tout moment.",
    fileTooLarge:
      "Désolé, ce fichier est trop volumineux.{% if limit %} La limite est de {{ limit }}.{% endif %} Merci d'en envoyer un plus petit.",
    fileTypeNotSupported: "Désolé, nous ne pouvons pas ouvrir ce type de fichier.",
    stillThere: "Vous êtes toujours là ? Répondez pour continuer.",
    goodbye: "Merci d'avoir contacté {{ application.name }}. Au revoir !",
    choiceNotClear: "Désolé, ce n'est pas l'un des choix proposés.",
    didYouMean: "Pensiez-vous à l'un de ces choix ? Merci de répondre par son numéro.",
    answerNumber:
      "{% if count == 1 %}Merci de répondre par 1.{% else %}Merci de répondre par un numéro de 1 à {{ count }}.{% endif %}",
    answerYesOrNo: "Merci de répondre par oui ou non.",
    notANumber: "Merci de répondre par un nombre, par exemple 12.",
    notADate: "Merci de répondre par une date, par exemple le 25 mars.",
    notAnEmail: "Cela ne ressemble pas à une adresse e-mail. Merci de réessayer.",
    notAPhone: "Cela ne ressemble pas à un numéro de téléphone. Merci de réessayer.",
    doesNotFit: "Cette réponse n'a pas le bon format. Merci de réessayer.",
    uploadWanted: "Merci d'envoyer une photo ou un lien vers une photo.",
    more: "Plus",
    help: "{{ application.name }} : vous pouvez écrire {{ words }} à tout moment.",
    noAgent: "Désolé, personne n'est disponible pour le moment. Merci de réessayer plus tard.",
    linkPin: "Pour vous identifier, envoyez votre code PIN{% if exit %} ou {{ exit }} pour annuler{% endif %}.",
    linkCode: "Merci d'envoyer le code à 6 chiffres de votre application d'authentification.",
    linkTextedCode: "{{ code }} est votre code. Merci de le renvoyer sous 10 minutes.",
    linkSentCode: "Merci d'envoyer le code à 6 chiffres que vous avez reçu par SMS.",
    linkPage: "Identifiez-vous ici sous 10 minutes",
    linkOnPage:
      "Merci de vous identifier avec le lien que nous vous avons envoyé{% if exit %} ou d'envoyer {{ exit }} pour annuler{% endif %}.",
    linkWrong: "Ce n'est pas correct. Merci de réessayer{% if exit %} ou d'envoyer {{ exit }} pour annuler{% endif %}.",
    linked: "Votre identité est confirmée{% if person.name %}, {{ person.name }}{% endif %}.",
    linkFailed: "Nous n'avons pas pu vous identifier. Vous pouvez continuer en tant qu'invité.",
    linkLocked:
      "L'accès est bloqué après trois essais incorrects. Merci de nous contacter ; vous pouvez continuer en tant qu'invité.",
    unlinked: "Votre session est terminée.",
    nothingBefore: "Vous êtes déjà au début : il n'y a rien avant.",
    tryLater: "Désolé, cela n'a pas fonctionné. Merci de réessayer plus tard.",
    oneMoment: "Un instant, s'il vous plaît.",
    notificationHeading:
      "Vous avez une nouvelle notification. Vous pourrez reprendre la conversation après l'avoir lue.",
    lists:
      "Notifications :{% for list in lists %}\n{{ forloop.index }}. {{ list.title }} : {% if list.on %}activée{% elsif list.asked %}attend votre OUI{% else %}désactivée{% endif %}{% endfor %}\nEnvoyez START ou STOP avec le numéro, par exemple START 1.",
    noLists: "Aucune notification ne vous est proposée ici.",
    whichList:
      "Laquelle ? Répondez par son numéro.{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}{% endfor %}",
    subscribed: "{{ list }} : activée. Pour la désactiver, envoyez STOP {{ number }}.",
    unsubscribed: "{{ list }} : désactivée. Pour l'activer, envoyez START {{ number }}.",
    confirmSubscription: "Répondez OUI pour activer {{ list }}.",
    optedOut: "Vous ne recevrez plus de messages de {{ application.name }}. Pour en recevoir à nouveau, envoyez START.",
    optedIn:
      "Vous recevez à nouveau les messages de {{ application.name }}. Envoyez HELP pour de l'aide ou STOP pour vous désabonner.",
    helpInfo:
      "{{ application.name }} : écrivez-nous votre question. Des frais de messagerie peuvent s'appliquer. Envoyez STOP pour vous désabonner.",
    tooFast:
      "Vous avez envoyé beaucoup de messages en peu de temps. Merci de patienter un instant avant d'écrire à nouveau.",
  },
  words: {
    yes: parseWords(`
      oui, o, ou i, ui, wi, ouais, ouaip, oué, yep, si, bien sûr, bien sur que oui, biensur, évidemment, d'accord, daccord, dac, d'ac, ok, okay, okey,
      entendu, parfait, exact, exactement, c'est ça, c'est cela, c'est exact, c'est correct, c'est bien ça, correct, tout à fait, absolument, certainement,
      volontiers, avec plaisir, ça marche, ça me va, ça va, très bien, bien, vrai, c'est vrai, affirmatif, je confirme, confirmé, allez y, vas y, go,
      mais oui, oui oui, super, pas de souci c'est bon, c'est bon, je veux bien, bonne idée`),
    no: parseWords(`
      non, nan, nn, nope, non non, pas du tout, absolument pas, certainement pas, surtout pas, jamais, pas maintenant, pas aujourd'hui, pas encore,
      pas vraiment, bien sûr que non, faux, c'est faux, incorrect, ce n'est pas ça, c'est pas ça, ce n'est pas correct, négatif, mais non, rien,
      je ne veux pas, je veux pas, pas question, hors de question, ne le faites pas, sans façon, je refuse, pas d'accord, je ne suis pas d'accord`),
    unsure: parseWords(`
      peut-être, peut être, je ne sais pas, je sais pas, jsp, chais pas, sais pas, pas sûr, pas sûre, je ne suis pas sûr, je ne suis pas sûre, ça dépend,
      aucune idée, pourquoi pas, oui et non, bof, pas de problème, pas de souci, on verra`),
    negations: parseWords("aucun, aucune, aucun des deux, ni, ne, pas, ni l'un ni l'autre, sauf, sans, mais, hors"),
    neither: parseWords(`
      les deux, tous, toutes, tout, n'importe, n'importe lequel, autre, autres, autre chose, un autre, une autre, personne, quelque chose,
      que, quoi, quel, quelle, quels, quelles, combien, comment, quand, qui, pourquoi`),
    numbers: parseWordRows(
      "un/une, deux, trois, quatre, cinq, six, sept, huit, neuf, dix, onze, douze, treize, quatorze, quinze, seize, dix-sept, dix-huit, dix-neuf, vingt",
    ),
    ordinals: parseWordRows(
      "premier/première, deuxième/second/seconde, troisième, quatrième, cinquième, sixième, septième, huitième, neuvième, dixième, onzième, douzième, treizième, quatorzième, quinzième, seizième, dix-septième, dix-huitième, dix-neuvième, vingtième",
    ),
    ordinalEndings: parseWords("er, ère, re, e, ème, eme, ième, nd, nde"),
    last: parseWords("dernier, dernière, le dernier, la dernière"),
    numbering: parseWords("option, numéro, num, no, n, nr, choix, réponse"),
    joining: parseWords("et, ou, ou bien"),
    small: parseWords(`
      s'il vous plaît, s'il te plaît, svp, stp, sil vous plait, merci, merci beaucoup, merci bien, mrc, le, la, les, l, un, une, des, de, du, d, celui, celle,
      ce, cette, c'est, ça, celui-là, celle-là, celui-ci, celle-ci, je voudrais, je veux, j'aimerais, je prends, je prendrai, je vais prendre, je choisis,
      j'ai choisi, je préfère, je souhaite, je désire, il me faut, donnez-moi, mettez-moi, pour moi, va pour, ce sera, plutôt, alors, euh, ben, bah, bonjour,
      bonsoir, salut, à, au, aux, seulement, juste, aujourd'hui, maintenant, option, numéro, choix, réponse, ma réponse est, mon choix est, je pense,
      je crois, puis-je avoir, est-ce que je peux avoir, je peux avoir, nous voudrions, on voudrait, on va prendre, on prend, si possible, madame, monsieur,
      please, thanks`),
    lists: {
      show: parseWords("notification, notifications, alertes"),
      on: parseWords("activer, activée"),
      off: parseWords("désactiver, désactivée"),
    },
    commands: {
      menu: parseWords("menu, menu principal, accueil, recommencer, le menu, retour au menu"),
      help: parseWords("aide, aidez-moi, à l'aide, besoin d'aide, j'ai besoin d'aide, infos"),
      agent: parseWords(`
        agent, conseiller, conseillère, humain, personne, opérateur, opératrice, un conseiller, un humain, un agent, une personne, parler à un conseiller,
        parler à un humain, parler à un agent, parler à quelqu'un, parler à une personne, parler avec un conseiller, je veux parler à un conseiller,
        je veux parler à quelqu'un, je veux parler à un humain, je voudrais parler à un conseiller, je voudrais parler à quelqu'un, service client`),
      back: parseWords("retour, précédent, revenir, arrière, en arrière, revenir en arrière, retour en arrière"),
      exit: parseWords("sortir, quitter, terminer, fermer, au revoir, à bientôt"),
      more: parseWords(
        "plus, voir plus, suivant, suite, la suite, page suivante, plus de choix, plus d'options, autres choix",
      ),
      login: parseWords("connexion, se connecter, me connecter, m'identifier, s'identifier"),
      logout: parseWords("déconnexion, se déconnecter, me déconnecter"),
    },
  },
};
