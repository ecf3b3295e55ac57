// The frame of our pages for HisPro's embedded browser: no script, no foreign resource, styles that a Chromium of 2016 knows.
import { createHash } from 'node:crypto';
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import { html, type Html } from '#http/html.ts';

const STYLE = `
body { margin: 0; background: #10161d; color: #e8edf2; font: 16px/1.5 "Segoe UI", Arial, sans-serif; }
.page { max-width: 860px; margin: 0 auto; padding: 16px 20px 32px; }
h1 { font-size: 20px; margin: 0 0 12px; }
h2 { font-size: 17px; margin: 0 0 6px; }
a { color: #8cc4ff; }
.card { background: #1a232d; border: 1px solid #33414f; border-left: 6px solid #5b7083; border-radius: 4px; padding: 12px 16px; margin: 0 0 16px; }
.critical { border-left-color: #ff6b5e; }
.warning { border-left-color: #ffb84d; }
.badge { display: inline-block; padding: 0 8px; border: 1px solid #5b7083; border-radius: 3px; font-size: 13px; margin-left: 8px; }
.critical .badge { border-color: #ff6b5e; color: #ffb3ac; }
.warning .badge { border-color: #ffb84d; color: #ffd79a; }
.quiet { color: #a9b8c6; font-size: 14px; }
.fault { background: #4a1d1a; border: 1px solid #ff6b5e; border-radius: 4px; padding: 8px 12px; margin: 0 0 16px; }
h3 { font-size: 15px; margin: 10px 0 2px; }
ul { margin: 0 0 8px; padding-left: 22px; }
.about { color: #e8edf2; margin: 0 0 12px; }
.limits { color: #a9b8c6; font-size: 14px; }
fieldset { border: 1px solid #5b7083; border-radius: 3px; margin: 12px 0 4px; padding: 4px 12px 12px; }
fieldset label { display: block; padding: 6px 0; }
fieldset .more { padding-left: 24px; }
fieldset .more label { padding: 4px 0; }
select, textarea { width: 100%; box-sizing: border-box; background: #0c1116; color: #e8edf2; border: 1px solid #5b7083; border-radius: 3px; padding: 6px; font: inherit; }
button { font: inherit; font-weight: bold; padding: 8px 18px; margin: 0 12px 8px 0; border: 0; border-radius: 4px; background: #2f7fd1; color: #fff; cursor: pointer; }
button.back { background: #445261; }
a:focus, button:focus, select:focus, textarea:focus, input:focus { outline: 3px solid #8cc4ff; outline-offset: 2px; }
img { display: block; max-width: 100%; height: auto; border: 1px solid #33414f; margin: 8px 0; }
.film label { padding-left: 6px; }
.layers { position: relative; max-width: 720px; }
.small .layers { max-width: 380px; }
.heat { position: absolute; left: 0; top: 0; width: 100%; height: 100%; margin: 0; border-color: transparent; }
input.plain:checked ~ .layers .heat { display: none; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: 4px 8px; border-bottom: 1px solid #33414f; }
.foot { border-top: 1px solid #33414f; padding-top: 10px; }
`;

/** Apart from the page: a formatter that indents it would break its hash. */
const STYLE_TAG: Html = { markup: `<style>${STYLE}</style>` };
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but the style above, our own pictures, and forms to ourselves; may be framed by nobody. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
};

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  /** The same page in the other language. */
  readonly otherLanguage?: string;
}

export function renderPage({ language, title, body, otherLanguage }: Page): string {
  const other = language === 'vi' ? 'English' : 'Tiếng Việt';
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${STYLE_TAG}
      </head>
      <body>
        <div class="page">
          ${otherLanguage === undefined ? null : html`<p class="quiet"><a href="${otherLanguage}">${other}</a></p>`}
          <h1>${title}</h1>
          ${body}
          <p class="quiet foot">${say(language, 'hispro.page.disclaimer')}</p>
        </div>
      </body>
    </html> `;
  return page.markup;
}

/** A page that says only that something cannot be shown. */
export const refusalPage = (language: Language, text: string): string =>
  renderPage({
    language,
    title: say(language, 'hispro.page.title'),
    body: html`<p class="fault">${text}</p>`,
  });
