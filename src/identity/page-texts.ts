import { chooseLanguage } from "../languages/catalog.ts";

/** The texts of the identity pages in one language. A heading and its explanation are named `x` and `xHint`. */
export interface PageTexts {
  readonly signIn: string;
  readonly pin: string;
  readonly code: string;
  /** Shown above the input for a code of the authenticator app. */
  readonly codeHint: string;
  /** Shown above the input for a code that was texted. */
  readonly textedHint: string;
  readonly next: string;
  readonly wrong: string;
  /** The input has other characters than digits. */
  readonly form: string;
  readonly linked: string;
  readonly linkedHint: string;
  readonly locked: string;
  readonly lockedHint: string;
  readonly guest: string;
  readonly guestHint: string;
  readonly over: string;
  readonly overHint: string;
  /** The comparison did not finish in time. */
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
    code: "Your code",
    codeHint: "Enter the 6-digit code that your authenticator app shows now.",
    textedHint: "Enter the 6-digit code that we just texted you.",
    next: "Continue",
    wrong: "That was not right. Please try again.",
    form: "Please enter digits only.",
    linked: "You are signed in",
    linkedHint: "You can close this page and continue in your messages.",
    locked: "Sign-in is locked",
    lockedHint: "Locked after three incorrect tries. Please contact us; in the meantime you can continue as a guest.",
    guest: "We could not sign you in",
    guestHint: "You can continue as a guest in your messages.",
    over: "This link is no longer valid",
    overHint: "Each link works only once and for a short time. Please ask for a new one.",
    busy: "That took too long. Please try again.",
    enrol: "Set up your authenticator app",
    enrolHint: "Scan this QR code with your app, for example Google Authenticator, Microsoft Authenticator or 2FAS.",
    secret: "Or enter this key in the app:",
    open: "Open in the app on this phone",
    confirmHint: "Then enter the 6-digit code that the app shows.",
    confirm: "Confirm",
    enrolled: "Your app is set up",
    enrolledHint: "From now on, its codes confirm that it is you. You can close this page.",
  },
  es: {
    signIn: "Identifíquese",
    pin: "Su PIN",
    code: "Su código",
    codeHint: "Introduzca el código de 6 cifras que muestra ahora su app de autenticación.",
    textedHint: "Introduzca el código de 6 cifras que acabamos de enviarle por SMS.",
    next: "Continuar",
    wrong: "No es correcto. Inténtelo de nuevo.",
    form: "Introduzca solo cifras, por favor.",
    linked: "Ya se ha identificado",
    linkedHint: "Puede cerrar esta página y seguir en sus mensajes.",
    locked: "El acceso está bloqueado",
    lockedHint:
      "Se ha bloqueado tras tres intentos incorrectos. Póngase en contacto con nosotros; mientras tanto, puede seguir como invitado.",
    guest: "No hemos podido identificarle",
    guestHint: "Puede seguir como invitado en sus mensajes.",
    over: "Este enlace ya no es válido",
    overHint: "Cada enlace sirve una sola vez y por poco tiempo. Pida uno nuevo, por favor.",
    busy: "Ha tardado demasiado. Inténtelo de nuevo.",
    enrol: "Configure su app de autenticación",
    enrolHint: "Escanee este código QR con su app, por ejemplo Google Authenticator, Microsoft Authenticator o 2FAS.",
    secret: "O introduzca esta clave en la app:",
    open: "Abrir en la app de este teléfono",
    confirmHint: "Después, introduzca el código de 6 cifras que muestra la app.",
    confirm: "Confirmar",
    enrolled: "Su app está lista",
    enrolledHint: "A partir de ahora, sus códigos confirman que es usted. Puede cerrar esta página.",
  },
  fr: {
    signIn: "Identifiez-vous",
    pin: "Votre code PIN",
    code: "Votre code",
    codeHint: "Saisissez le code à 6 chiffres affiché en ce moment par votre application d'authentification.",
    textedHint: "Saisissez le code à 6 chiffres que nous venons de vous envoyer par SMS.",
    next: "Continuer",
    wrong: "Ce n'est pas le bon code. Merci de réessayer.",
    form: "Merci de ne saisir que des chiffres.",
    linked: "Identification réussie",
    linkedHint: "Vous pouvez fermer cette page et continuer dans vos messages.",
    locked: "L'accès est bloqué",
    lockedHint:
      "Trois essais étaient incorrects. Merci de nous contacter ; en attendant, vous pouvez continuer en tant qu'invité.",
    guest: "Nous n'avons pas pu vous identifier",
    guestHint: "Vous pouvez continuer en tant qu'invité dans vos messages.",
    over: "Ce lien n'est plus valable",
    overHint: "Chaque lien ne sert qu'une fois et peu de temps. Merci d'en demander un nouveau.",
    busy: "La vérification a pris trop de temps. Merci de réessayer.",
    enrol: "Configurez votre application d'authentification",
    enrolHint:
      "Scannez ce QR code avec votre application, par exemple Google Authenticator, Microsoft Authenticator ou 2FAS.",
    secret: "Ou saisissez cette clé dans l'application :",
    open: "Ouvrir dans l'application sur ce téléphone",
    confirmHint: "Saisissez ensuite le code à 6 chiffres affiché par l'application.",
    confirm: "Confirmer",
    enrolled: "Votre application est prête",
    enrolledHint: "Désormais, ses codes confirment que c'est bien vous. Vous pouvez fermer cette page.",
  },
  de: {
    signIn: "Anmelden",
    pin: "Ihre PIN",
    code: "Ihr Code",
    codeHint: "Geben Sie den 6-stelligen Code ein, den Ihre Authenticator-App gerade anzeigt.",
    textedHint: "Geben Sie den 6-stelligen Code ein, den wir Ihnen gerade per SMS geschickt haben.",
    next: "Weiter",
    wrong: "Das war leider nicht richtig. Bitte versuchen Sie es noch einmal.",
    form: "Bitte geben Sie nur Ziffern ein.",
    linked: "Sie sind angemeldet",
    linkedHint: "Sie können diese Seite schließen und in Ihren Nachrichten weiterschreiben.",
    locked: "Die Anmeldung ist gesperrt",
    lockedHint:
      "Nach drei falschen Eingaben ist die Anmeldung gesperrt. Bitte melden Sie sich bei uns; bis dahin können Sie als Gast weiterschreiben.",
    guest: "Wir konnten Sie nicht anmelden",
    guestHint: "Sie können in Ihren Nachrichten als Gast weiterschreiben.",
    over: "Dieser Link ist nicht mehr gültig",
    overHint: "Jeder Link gilt nur einmal und nur für kurze Zeit. Bitte fordern Sie einen neuen an.",
    busy: "Das hat leider zu lange gedauert. Bitte versuchen Sie es noch einmal.",
    enrol: "Authenticator-App einrichten",
    enrolHint:
      "Scannen Sie diesen QR-Code mit Ihrer App, zum Beispiel Google Authenticator, Microsoft Authenticator oder 2FAS.",
    secret: "Oder geben Sie diesen Schlüssel in der App ein:",
    open: "In der App auf diesem Telefon öffnen",
    confirmHint: "Geben Sie dann den 6-stelligen Code ein, den die App anzeigt.",
    confirm: "Bestätigen",
    enrolled: "Ihre App ist eingerichtet",
    enrolledHint: "Ab jetzt bestätigen die Codes der App, dass Sie es sind. Sie können diese Seite schließen.",
  },
  pt: {
    signIn: "Identifique-se",
    pin: "Seu PIN",
    code: "Seu código",
    codeHint: "Digite o código de 6 dígitos que o seu app autenticador mostra agora.",
    textedHint: "Digite o código de 6 dígitos que acabamos de enviar por SMS.",
    next: "Continuar",
    wrong: "Não está certo. Tente de novo, por favor.",
    form: "Digite somente números, por favor.",
    linked: "Acesso confirmado",
    linkedHint: "Você já pode fechar esta página e continuar nas suas mensagens.",
    locked: "O acesso está bloqueado",
    lockedHint:
      "O bloqueio ocorreu após três tentativas erradas. Fale com a gente; enquanto isso, você pode continuar sem se identificar.",
    guest: "Não conseguimos confirmar o seu acesso",
    guestHint: "Você pode continuar nas suas mensagens sem se identificar.",
    over: "Este link não é mais válido",
    overHint: "Cada link funciona só uma vez e por pouco tempo. Peça um novo, por favor.",
    busy: "Demorou demais. Tente de novo, por favor.",
    enrol: "Configure o seu app autenticador",
    enrolHint:
      "Escaneie este QR code com o seu app, por exemplo Google Authenticator, Microsoft Authenticator ou 2FAS.",
    secret: "Ou digite esta chave no app:",
    open: "Abrir no app deste celular",
    confirmHint: "Depois, digite o código de 6 dígitos que o app mostra.",
    confirm: "Confirmar",
    enrolled: "O seu app está pronto",
    enrolledHint: "A partir de agora, os códigos dele confirmam que é você. Pode fechar esta página.",
  },
  hi: {
    signIn: "साइन इन करें",
    pin: "आपका PIN",
    code: "आपका कोड",
    codeHint: "ऑथेंटिकेटर ऐप में अभी दिख रहा 6 अंकों का कोड लिखें।",
    textedHint: "हमने अभी SMS से जो 6 अंकों का कोड भेजा है, वह लिखें।",
    next: "आगे बढ़ें",
    wrong: "यह सही नहीं है। कृपया फिर से कोशिश करें।",
    form: "कृपया केवल अंक लिखें।",
    linked: "आपने साइन इन कर लिया है",
    linkedHint: "अब आप यह पेज बंद करके अपने संदेशों में आगे बढ़ सकते हैं।",
    locked: "साइन इन बंद है",
    lockedHint: "तीन गलत कोशिशों के बाद साइन इन बंद हो गया है। कृपया हमसे संपर्क करें; तब तक आप अतिथि के रूप में आगे बढ़ सकते हैं।",
    guest: "साइन इन नहीं हो पाया",
    guestHint: "आप अपने संदेशों में अतिथि के रूप में आगे बढ़ सकते हैं।",
    over: "यह लिंक अब मान्य नहीं है",
    overHint: "हर लिंक केवल एक बार और थोड़े समय के लिए चलता है। कृपया नया लिंक माँगें।",
    busy: "बहुत समय लग गया। कृपया फिर से कोशिश करें।",
    enrol: "अपना ऑथेंटिकेटर ऐप सेट करें",
    enrolHint: "इस QR कोड को अपने ऐप से स्कैन करें, जैसे Google Authenticator, Microsoft Authenticator या 2FAS।",
    secret: "या ऐप में यह कुंजी लिखें:",
    open: "इस फ़ोन के ऐप में खोलें",
    confirmHint: "फिर ऐप में दिख रहा 6 अंकों का कोड लिखें।",
    confirm: "पुष्टि करें",
    enrolled: "आपका ऐप तैयार है",
    enrolledHint: "अब से इसके कोड पुष्टि करेंगे कि यह आप ही हैं। आप यह पेज बंद कर सकते हैं।",
  },
};

/**
 * @param tags BCP 47 tags in order of preference
 * @returns the texts of the first language that Parley supports, and its code
 */
export function selectPageTexts(...tags: readonly string[]): { readonly language: string; readonly texts: PageTexts } {
  const { code } = chooseLanguage(...tags);
  const texts = TEXTS_BY_LANGUAGE[code];
  if (texts === undefined) throw new RangeError(`The pages have no texts in "${code}".`);
  return { language: code, texts };
}
