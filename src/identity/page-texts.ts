import { chooseLanguage } from "../languages/catalog.ts";

/** What the pages say, in each language of Parley's. */
interface PageTexts {
  readonly signIn: string;
  readonly pin: string;
  readonly code: string;
  readonly codeHint: string;
  readonly textedHint: string;
  readonly next: string;
  readonly wrong: string;
  readonly form: string;
  readonly linked: string;
  readonly linkedHint: string;
  readonly locked: string;
  readonly lockedHint: string;
  readonly guest: string;
  readonly guestHint: string;
  readonly over: string;
  readonly overHint: string;
  readonly busy: string;
  readonly enrol: string;
  readonly enrolHint: string;
  readonly secret: string;
  readonly open: string;
  readonly confirmHint: string;
  readonly confirm: string;
  readonly enrolled: string;
  readonly enrolledHint: string;
}

const TEXTS_BY_LANGUAGE: Readonly<Record<string, PageTexts>> = {
  en: {
    signIn: "Sign in",
    pin: "Your PIN",
    code: "Code",
    codeHint: "The 6 digits that your authenticator app shows now.",
    textedHint: "The 6 digits that we have just texted you.",
    next: "Continue",
    wrong: "That was not right. Please try again.",
    form: "Digits only, please.",
    linked: "You are signed in",
    linkedHint: "Close this page and go on in your messages.",
    locked: "Signing in is locked",
    lockedHint: "There were three wrong tries. Please contact us; until then you can go on as a guest.",
    guest: "We could not sign you in",
    guestHint: "You can go on as a guest in your messages.",
    over: "This link is no longer valid",
    overHint: "It works once, for a short time. Ask for a new one.",
    busy: "That took too long. Please try again.",
    enrol: "Set up your authenticator app",
    enrolHint: "Scan this code with the app, for instance Google Authenticator, Microsoft Authenticator or 2FAS.",
    secret: "Or type this key into the app:",
    open: "Open in the app on this phone",
    confirmHint: "Then enter the 6 digits that the app shows.",
    confirm: "Confirm",
    enrolled: "Your app is set up",
    enrolledHint: "From now on its codes show that it is you. You can close this page.",
  },
  es: {
    signIn: "Identificarse",
    pin: "Su PIN",
    code: "Código",
    codeHint: "Las 6 cifras que muestra ahora su app de autenticación.",
    textedHint: "Las 6 cifras que acabamos de enviarle por SMS.",
    next: "Continuar",
    wrong: "No es correcto. Inténtelo de nuevo.",
    form: "Solo cifras, por favor.",
    linked: "Ya está identificado",
    linkedHint: "Cierre esta página y siga en sus mensajes.",
    locked: "El acceso está bloqueado",
    lockedHint: "Hubo tres intentos incorrectos. Hable con nosotros; mientras tanto puede seguir como invitado.",
    guest: "No hemos podido identificarle",
    guestHint: "Puede seguir como invitado en sus mensajes.",
    over: "Este enlace ya no es válido",
    overHint: "Sirve una sola vez y por poco tiempo. Pida uno nuevo.",
    busy: "Ha tardado demasiado. Inténtelo de nuevo.",
    enrol: "Configure su app de autenticación",
    enrolHint: "Escanee este código con la app, por ejemplo Google Authenticator, Microsoft Authenticator o 2FAS.",
    secret: "O escriba esta clave en la app:",
    open: "Abrir en la app de este teléfono",
    confirmHint: "Después escriba las 6 cifras que muestra la app.",
    confirm: "Confirmar",
    enrolled: "Su app está lista",
    enrolledHint: "Desde ahora sus códigos demuestran que es usted. Puede cerrar esta página.",
  },
  fr: {
    signIn: "S'identifier",
    pin: "Votre code PIN",
    code: "Code",
    codeHint: "Les 6 chiffres affichés par votre application d'authentification.",
    textedHint: "Les 6 chiffres que vous venez de recevoir par SMS.",
    next: "Continuer",
    wrong: "Ce n'est pas correct. Merci de réessayer.",
    form: "Uniquement des chiffres, s'il vous plaît.",
    linked: "Vous êtes identifié",
    linkedHint: "Fermez cette page et continuez dans vos messages.",
    locked: "L'accès est bloqué",
    lockedHint:
      "Il y a eu trois essais incorrects. Merci de nous contacter ; d'ici là, vous pouvez continuer en invité.",
    guest: "Nous n'avons pas pu vous identifier",
    guestHint: "Vous pouvez continuer en invité dans vos messages.",
    over: "Ce lien n'est plus valable",
    overHint: "Il ne sert qu'une fois, pour peu de temps. Demandez-en un nouveau.",
    busy: "C'était trop long. Merci de réessayer.",
    enrol: "Préparez votre application d'authentification",
    enrolHint: "Scannez ce code avec l'application, par exemple Google Authenticator, Microsoft Authenticator ou 2FAS.",
    secret: "Ou saisissez cette clé dans l'application :",
    open: "Ouvrir dans l'application de ce téléphone",
    confirmHint: "Saisissez ensuite les 6 chiffres affichés.",
    confirm: "Confirmer",
    enrolled: "Votre application est prête",
    enrolledHint: "Ses codes montrent désormais que c'est vous. Vous pouvez fermer cette page.",
  },
  de: {
    signIn: "Anmelden",
    pin: "Ihre PIN",
    code: "Code",
    codeHint: "Die 6 Ziffern, die Ihre Authenticator-App jetzt zeigt.",
    textedHint: "Die 6 Ziffern, die Sie gerade per SMS bekommen haben.",
    next: "Weiter",
    wrong: "Das war nicht richtig. Bitte versuchen Sie es noch einmal.",
    form: "Bitte nur Ziffern.",
    linked: "Sie sind angemeldet",
    linkedHint: "Schließen Sie diese Seite, und schreiben Sie in Ihren Nachrichten weiter.",
    locked: "Die Anmeldung ist gesperrt",
    lockedHint: "Es gab drei Fehlversuche. Bitte wenden Sie sich an uns; bis dahin geht es als Gast weiter.",
    guest: "Wir konnten Sie nicht anmelden",
    guestHint: "In Ihren Nachrichten können Sie als Gast weiterschreiben.",
    over: "Dieser Link gilt nicht mehr",
    overHint: "Er gilt einmal und nur kurze Zeit. Fordern Sie einen neuen an.",
    busy: "Das hat zu lange gedauert. Bitte versuchen Sie es noch einmal.",
    enrol: "Authenticator-App einrichten",
    enrolHint:
      "Scannen Sie diesen Code mit der App, zum Beispiel Google Authenticator, Microsoft Authenticator oder 2FAS.",
    secret: "Oder geben Sie diesen Schlüssel in die App ein:",
    open: "In der App auf diesem Telefon öffnen",
    confirmHint: "Geben Sie dann die 6 Ziffern ein, die die App zeigt.",
    confirm: "Bestätigen",
    enrolled: "Ihre App ist eingerichtet",
    enrolledHint: "Von nun an zeigen ihre Codes, dass Sie es sind. Sie können diese Seite schließen.",
  },
  pt: {
    signIn: "Identificar-se",
    pin: "Seu PIN",
    code: "Código",
    codeHint: "Os 6 dígitos que o seu app autenticador mostra agora.",
    textedHint: "Os 6 dígitos que acabamos de enviar por SMS.",
    next: "Continuar",
    wrong: "Não está certo. Tente de novo.",
    form: "Somente dígitos, por favor.",
    linked: "Acesso confirmado",
    linkedHint: "Feche esta página e continue nas suas mensagens.",
    locked: "O acesso está bloqueado",
    lockedHint: "Houve três tentativas erradas. Fale com a gente; até lá, pode continuar sem se identificar.",
    guest: "Acesso não confirmado",
    guestHint: "Pode continuar sem se identificar nas suas mensagens.",
    over: "Este link não vale mais",
    overHint: "Ele serve uma vez, por pouco tempo. Peça um novo.",
    busy: "Demorou demais. Tente de novo.",
    enrol: "Configure o seu app autenticador",
    enrolHint: "Escaneie este código com o app, por exemplo Google Authenticator, Microsoft Authenticator ou 2FAS.",
    secret: "Ou digite esta chave no app:",
    open: "Abrir no app deste telefone",
    confirmHint: "Depois digite os 6 dígitos que o app mostra.",
    confirm: "Confirmar",
    enrolled: "O seu app está pronto",
    enrolledHint: "A partir de agora os códigos dele mostram que é você. Pode fechar esta página.",
  },
  hi: {
    signIn: "साइन इन करें",
    pin: "आपका PIN",
    code: "कोड",
    codeHint: "ऑथेंटिकेटर ऐप में अभी दिख रहे 6 अंक।",
    textedHint: "हमारे SMS में अभी आए 6 अंक।",
    next: "आगे बढ़ें",
    wrong: "यह सही नहीं है। कृपया फिर से लिखें।",
    form: "कृपया केवल अंक लिखें।",
    linked: "आप साइन इन हो गए हैं",
    linkedHint: "यह पेज बंद करें और अपने संदेशों में आगे बढ़ें।",
    locked: "साइन इन बंद है",
    lockedHint: "तीन गलत कोशिशें हुईं। कृपया हमसे संपर्क करें; तब तक आप अतिथि के रूप में आगे बढ़ सकते हैं।",
    guest: "साइन इन नहीं हो पाया",
    guestHint: "आप अपने संदेशों में अतिथि के रूप में आगे बढ़ सकते हैं।",
    over: "यह लिंक अब मान्य नहीं है",
    overHint: "यह एक ही बार और थोड़े समय के लिए चलता है। नया लिंक माँगें।",
    busy: "बहुत समय लगा। कृपया फिर से कोशिश करें।",
    enrol: "अपना ऑथेंटिकेटर ऐप सेट करें",
    enrolHint: "इस कोड को ऐप से स्कैन करें, जैसे Google Authenticator, Microsoft Authenticator या 2FAS।",
    secret: "या ऐप में यह कुंजी लिखें:",
    open: "इस फ़ोन के ऐप में खोलें",
    confirmHint: "फिर ऐप में दिख रहे 6 अंक लिखें।",
    confirm: "पुष्टि करें",
    enrolled: "आपका ऐप तैयार है",
    enrolledHint: "अब से इसके कोड दिखाएँगे कि यह आप हैं। आप यह पेज बंद कर सकते हैं।",
  },
};

/** @param tags BCP 47 tags, the preferred one first @returns the words of the first language that Parley speaks, and its code */
export function selectPageTexts(...tags: readonly string[]): { readonly language: string; readonly words: PageTexts } {
  const { code } = chooseLanguage(...tags);
  const words = TEXTS_BY_LANGUAGE[code];
  if (words === undefined) throw new RangeError(`the pages do not speak "${code}"`);
  return { language: code, words };
}

export type { PageTexts as PageWords };
