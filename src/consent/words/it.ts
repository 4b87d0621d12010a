import { parseWords } from "../../languages/language.ts";
import type { PhraseSet } from "./phrase-set.ts";

export const italian: PhraseSet = {
  code: "it",
  signs: parseWords(
    "stop, lista, invia, manda, mand, uscire, basta, smett, messagg, sms, scriv, contatt, iscriv, iscriz, cancell, togli, rimuov, elimin, numero, in pace, consenso, fermat, ferma, interromp, riprend, ricomin, riattiv, aiuto, info",
  ),
  small: parseWords(
    "per favore, per piacere, per cortesia, grazie, grazie mille, ora, adesso, subito, immediatamente, ciao, salve, vi prego, vi prego di, la prego, cortesemente, please, prego",
  ),
  alone: parseWords("no"),
  joints: parseWords("e"),
  reasons: parseWords("o, altrimenti, perché, prima che, oppure, sennò"),
  beside: [
    "[avete/ha/hai/è_il/questo_è_il] [il] numero sbagliato/errato",
    "[avete/ha/hai] sbagliato numero",
    "[non] [sono/mi] non interessato/interessata/interessa",
    "non sono interessato/interessata",
    "non mi interessa [niente]",
    "[io] non mi sono mai iscritto/iscritta/registrato [a questo/niente]",
    "[io] non ho mai chiesto questo/questi messaggi",
    "chi è/sei/siete",
    "non vi/la/ti conosco",
    "basta",
  ],
  lists: {
    texts: [
      "[più/altri/i/i_vostri/vostri/questi/con_i/con_questi/dei/di/ai/dai/dei_vostri/dai_vostri] [vostri] messaggio/messaggi/sms/messaggini/pubblicità/spam/notifiche/avvisi",
    ],
    sending: [
      "di mandarmi/inviarmi/spedirmi [<texts>]",
      "di scrivermi/contattarmi/disturbarmi/messaggiarmi/tormentarmi [<texts>]",
      "mandarmi/inviarmi [<texts>]",
      "di mandare/inviare <texts>",
      "scrivermi/contattarmi/disturbarmi",
      "con <texts>",
    ],
    list: [
      "dalla/della/la/dal/dai/dalle vostra/tua/sua/questa/vostro/tuo/vostri lista/elenco/rubrica/sistema/database/liste/contatti",
      "dalla/dal/dai/dall lista/elenco/rubrica/sistema/database",
    ],
    ours: [
      "dalla/dal/dai/dalle vostra/tua/sua/questa/vostro/tuo/vostri/mailing lista/elenco/rubrica/sistema/database/liste/contatti/list",
    ],
    wanting: ["voglio", "vorrei", "desidero", "mi piacerebbe", "devo", "come voglio"],
    remove: [
      "cancellate/cancella/cancelli/cancellare/togliete/togli/tolga/rimuovete/rimuovi/rimuova/rimuovere/eliminate/elimina/elimini/eliminare",
    ],
    removeme: [
      "cancellatemi/cancellami/mi_cancelli/mi_cancelli/toglietemi/toglimi/mi_tolga/rimuovetemi/rimuovimi/mi_rimuova/eliminatemi/eliminami/mi_elimini",
    ],
    not: [
      "non mandatemi/mandarmi/mandatemi/inviatemi/inviarmi/spedirmi/speditemi",
      "non mi mandate/mandi/mandare/inviate/invii/mandare",
    ],
  },
  whole: [
    "stop/fermatevi/smettetela/smettila/smetta/smettete/la_smetta",
    "stop/basta/niente/fermate/interrompete/interrompere/interrompi/fermare/bloccate/disattiva/disattivare [più/altri] [con] <texts>",
    "smettetela/smettila/fermatevi/fermate con <texts>",
    "<remove> il [mio] numero/contatto/cellulare [<list>]",
    "non scrivere/scriverci/mandare/inviare più [<texts>]",
    "dimenticate il mio numero",
    "<removeme> [<list>]",
    "lasciatemi/lasciami/mi_lasci/mi_lasciate in pace/stare",
    "non mi disturbate/disturbi/disturbare [più]",
    "non disturbatemi/disturbarmi [più]",
    "niente più <texts>",
    "[<wanting>] uscire/essere_rimosso/essere_cancellato dalla [vostra] lista",
    "non voglio/desidero più [ricevere] niente/nulla [da voi]",
    "<not> più niente/nulla",
    "[<wanting>] disiscrivere/disiscrizione/disiscriversi",
    "basta [di] scrivermi/contattarmi/mandarmi [<texts>]",
  ],
  clear: [
    "smettetela/smettila/smettete/smetti/smetta/la_smetta/finitela/finiscila/piantatela/cessate/basta/stop <sending>",
    "<not> [più/altri] <texts>",
    "non scrivetemi/scrivermi/contattatemi/contattarmi/cercatemi più/mai",
    "non mi scrivete/scriva/scrivere/scrivi/contattate/contatti/contattare/cercate più/mai",
    "non voglio/desidero/vorrei [più] [ricevere] [più] <texts>",
    "non voglio/desidero più essere contattato/contattata",
    "[<wanting>] disiscrivermi/disiscrivimi/disiscrivetemi/disiscrivami [<list>/<texts>]",
    "mi disiscrivo [<list>/<texts>]",
    "<removeme> <ours>",
    "revoco/ritiro il [mio] consenso",
  ],
  start: [
    "inizia/iniziare/riprendi/riprendere/riprendete/ricomincia/ricominciare/riattiva/riattivare/continua [<texts>]",
    "[<wanting>] [di nuovo] ricevere [di_nuovo/ancora] <texts> [di nuovo]",
    "[<wanting>] [di nuovo] iscrivermi/iscrivimi/iscrivetemi/reiscrivermi [di nuovo]",
  ],
  help: ["aiuto", "aiutatemi/aiutami", "info", "informazioni"],
  how: [
    "come [faccio_a/posso] disiscrivermi/cancellarmi [<list>/<texts>]",
    "come mi disiscrivo/cancello",
    "come [faccio_a/posso] non ricevere più <texts>",
    "come [faccio_a/posso] fermare/bloccare/interrompere <texts>",
  ],
};
