import { html, raw } from "hono/html";
import { renderSVG } from "uqr";
import { type PageTexts, selectPageTexts } from "./page-texts.ts";
import type { PageView } from "./page-view.ts";

/** A page as HTML, without scripts or external resources. It fits small phones and works with screen readers. */
export type PageHtml = ReturnType<typeof html>;

/** A problem with the input other than that it is wrong: not only digits, or no answer in time. */
export type InputError = "form" | "busy" | null;

/**
 * @param view null if the page was used before or has expired
 * @param nonce the nonce that the Content-Security-Policy requires for the style
 */
export function renderIdentityPage(
  view: PageView | null,
  title: string,
  inputError: InputError,
  nonce: string,
): PageHtml {
  const { language, texts } = selectPageTexts(view?.language ?? "en");
  return renderFrame(
    language,
    title,
    nonce,
    view === null ? renderEnding("over", texts) : renderIdentityBody(view, inputError, texts),
  );
}

function renderIdentityBody({ asks, end, isWrong }: PageView, inputError: InputError, texts: PageTexts): PageHtml {
  if (asks === null) return renderEnding(end ?? "guest", texts);
  const error = inputError === null ? (isWrong ? texts.wrong : null) : texts[inputError];
  const hint = asks === "pin" ? null : asks === "code" ? texts.codeHint : texts.textedHint;
  return html`<h1>${texts.signIn}</h1>
    ${renderForm(asks === "pin" ? "pin" : "code", { label: asks === "pin" ? texts.pin : texts.code, hint, error, button: texts.next, hasFocus: true })}`;
}

/** The data to add an account to an authenticator app. */
export interface AuthenticatorEnrolment {
  readonly issuer: string;
  readonly uri: string;
  /** Base32. */
  readonly secret: string;
  readonly languages: readonly string[];
}

/** @param enrolment null if the page was used before or has expired */
export function renderEnrolmentPage(
  enrolment: AuthenticatorEnrolment | null,
  isWrong: boolean,
  nonce: string,
): PageHtml {
  if (enrolment === null) {
    const { language, texts } = selectPageTexts("en");
    return renderFrame(language, "Parley", nonce, renderEnding("over", texts));
  }
  const { issuer, uri, secret, languages } = enrolment;
  const { language, texts } = selectPageTexts(...languages);
  const body = html`<h1>${texts.enrol}</h1>
    <p>${texts.enrolHint}</p>
    <div class="qr" role="img" aria-label="QR">${raw(renderSVG(uri, { border: 2 }))}</div>
    <p><a class="open" href="${uri}">${texts.open}</a></p>
    <p>${texts.secret}</p>
    <p><code translate="no">${secret.replace(/.{4}(?=.)/gu, "$& ")}</code></p>
    ${renderForm("code", { label: texts.code, hint: texts.confirmHint, error: isWrong ? texts.wrong : null, button: texts.confirm, hasFocus: isWrong })}`;
  return renderFrame(language, issuer, nonce, body);
}

export function renderEnrolledPage(
  { issuer, languages }: Pick<AuthenticatorEnrolment, "issuer" | "languages">,
  nonce: string,
): PageHtml {
  const { language, texts } = selectPageTexts(...languages);
  return renderFrame(language, issuer, nonce, renderEnding("enrolled", texts));
}

function renderEnding(end: "linked" | "locked" | "guest" | "over" | "enrolled", texts: PageTexts): PageHtml {
  const isSuccess = end === "linked" || end === "enrolled";
  return html`<div class="end ${isSuccess ? "good" : "bad"}" aria-hidden="true">${isSuccess ? "✓" : "!"}</div>
    <h1>${texts[end]}</h1>
    <p role="status">${texts[`${end}Hint`]}</p>`;
}

interface DigitsField {
  readonly label: string;
  readonly hint: string | null;
  readonly error: string | null;
  readonly button: string;
  /** Whether the field takes the focus: not if there is text to be read before it. */
  readonly hasFocus: boolean;
}

/** Renders the form. Its field `for` names the requested input, so that a PIN sent twice is not taken for a code. */
function renderForm(wanted: "pin" | "code", { label, hint, error, button, hasFocus }: DigitsField): PageHtml {
  const describedBy = [...(error === null ? [] : ["error"]), ...(hint === null ? [] : ["hint"])].join(" ");
  const attributes =
    wanted === "pin"
      ? html`type="password" autocomplete="current-password" maxlength="24"`
      : html`type="text" autocomplete="one-time-code" maxlength="12"`;
  return html`<form method="post">
    <input type="hidden" name="for" value="${wanted}">
    <label for="digits">${label}</label>
    ${hint === null ? "" : html`<p id="hint" class="hint">${hint}</p>`}
    <input id="digits" name="digits" ${attributes} inputmode="numeric" required ${hasFocus ? raw("autofocus") : ""} aria-describedby="${describedBy}" ${error === null ? "" : raw('aria-invalid="true"')}>
    ${error === null ? "" : html`<p id="error" class="error" role="alert">${error}</p>`}
    <button type="submit">${button}</button>
  </form>`;
}

function renderFrame(language: string, title: string, nonce: string, body: PageHtml): PageHtml {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style nonce="${nonce}">${raw(STYLE)}</style>
</head>
<body>
<main>
<p class="title">${title}</p>
${body}
</main>
</body>
</html>`;
}

const STYLE = `
:root { color-scheme: light dark; --ground: #f2f4f7; --card: #fff; --ink: #15202b; --quiet: #55606e; --line: #8a95a3; --main: #0b5cad; --on: #fff; --bad: #b3261e; --good: #1a7f37 }
@media (prefers-color-scheme: dark) { :root { --ground: #10151b; --card: #1a222b; --ink: #eef2f6; --quiet: #a8b3bf; --line: #6c7885; --main: #7ab8ff; --on: #06203a; --bad: #ff9b93; --good: #6fdd8b } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif }
main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: var(--card); min-height: 100vh }
.title { margin: 0 0 1.5rem; color: var(--quiet); font-weight: 600; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0 0 1rem }
form { margin-top: 1.5rem }
label { display: block; font-weight: 600; margin-bottom: .375rem }
.hint { color: var(--quiet); font-size: .9375rem; margin-bottom: .5rem }
input:not([type=hidden]) { width: 100%; padding: .75rem 1rem; font: inherit; font-size: 1.5rem; letter-spacing: .15em; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .5rem }
input[aria-invalid] { border-color: var(--bad) }
.error { color: var(--bad); margin: .5rem 0 0; font-weight: 600 }
button { width: 100%; margin-top: 1rem; padding: .875rem; font: inherit; font-weight: 600; color: var(--on); background: var(--main); border: 0; border-radius: .5rem; cursor: pointer }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }
a { color: var(--main) }
code { display: block; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; font: 600 1rem/1.6 ui-monospace, monospace; letter-spacing: .04em; overflow-wrap: anywhere; user-select: all }
.qr { width: 100%; max-width: 17rem; margin: 0 auto 1rem; padding: .5rem; background: #fff; border-radius: .5rem }
.qr svg { display: block; width: 100%; height: auto }
.end { width: 3.5rem; height: 3.5rem; margin-bottom: 1rem; border-radius: 50%; font-size: 1.75rem; font-weight: 700; line-height: 3.5rem; text-align: center; color: var(--card) }
.good { background: var(--good) }
.bad { background: var(--bad) }
@media (min-width: 40rem) { main { min-height: 0; margin: 10vh auto; padding: 2.5rem; border-radius: 1rem; box-shadow: 0 1px 12px rgb(0 0 0 / .12) } }
`;
