// Writes a folder with a contact sheet (a page and one PNG) of the run's films and heatmaps.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contactSheet, type SheetTile } from '#image/contact-sheet.ts';
import { say } from '#messages/say.ts';
import type { WorklistItem } from '#worklist/schema.ts';
import type { Api } from './api.ts';
import { findingsOf, type ReportOptions, whoIs } from './report.ts';

const FILM_SIZE = 480;
const TILE = { columns: 6, side: 240 };

const FRAMES = { critical: '#d64545', urgent: '#e0a030', routine: '#4a8f5c' } as const;
const NOT_READ = '#5b6b8c';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter] ?? '');

interface Card {
  readonly item: WorklistItem;
  readonly film: Buffer | undefined;
  readonly heatmap: Buffer | undefined;
  readonly heading: string;
  readonly lines: readonly string[];
  readonly frame: string;
}

/** The first positive finding whose heatmap may be shown. */
function shownFinding({ reading }: WorklistItem): string | undefined {
  const positive = (reading?.findings ?? []).filter(({ decision }) => decision === 'positive');
  const sorted = positive.toSorted((a, b) => b.probability - a.probability);
  return sorted.find(({ heatmap }) => heatmap?.state === 'available')?.code;
}

async function cardOf(api: Api, item: WorklistItem, options: ReportOptions): Promise<Card> {
  const { language } = options;
  const image = item.reading?.sopInstanceUids[0] ?? (await api.study(item.studyUid)).images[0]?.sopInstanceUid;
  const finding = shownFinding(item);
  const found = findingsOf(item, options);
  const assessed = item.outcome === 'assessed';
  const nothing = say(language, assessed ? 'demo.nothing-found' : 'demo.waiting');
  const reasons = item.reasons.map(({ text }) => text[language]);
  const told = assessed ? found : reasons;
  return {
    item,
    film: image === undefined ? undefined : await api.picture(`/v1/images/${image}?size=${FILM_SIZE}`),
    heatmap:
      finding === undefined || item.reading === null
        ? undefined
        : await api.picture(`/v1/readings/${item.reading.id}/heatmaps/${finding}`),
    heading: whoIs(item, options),
    lines: told.length > 0 ? told : [nothing],
    frame: assessed ? FRAMES[item.place] : NOT_READ,
  };
}

const STYLE = `body{margin:0;padding:1rem;background:#15181c;color:#d7dce2;font:14px/1.4 system-ui,sans-serif}
h1{font-size:1.2rem}main{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:12px}
figure{margin:0;border-top:4px solid var(--frame);background:#1f242b;padding:6px}
.film{position:relative;background:#000;aspect-ratio:1;display:flex;align-items:center;justify-content:center}
.film div{position:relative}.film img{display:block;max-width:100%;max-height:260px}
.film img+img{position:absolute;inset:0;width:100%;height:100%}.film:hover img+img{opacity:0}
figcaption b{display:block}ul{margin:.3rem 0 0;padding-left:1.1rem}`;

function figure(card: Card, stem: string): string {
  const film = card.film === undefined ? '' : `<img src="${stem}.png" alt="">`;
  const heatmap = card.heatmap === undefined ? '' : `<img src="${stem}-heatmap.png" alt="">`;
  const lines = card.lines.map((line) => `<li>${escaped(line)}</li>`).join('');
  return `<figure style="--frame:${card.frame}"><div class="film"><div>${film}${heatmap}</div></div><figcaption><b>${escaped(card.heading)}</b><ul>${lines}</ul></figcaption></figure>`;
}

function page(figures: readonly string[], { language }: ReportOptions): string {
  const title = escaped(say(language, 'demo.sheet-title'));
  const words = (key: string): string => `<p>${escaped(say(language, key))}</p>`;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>${words('demo.own-films')}${words('demo.sheet-help')}<main>
${figures.join('\n')}
</main></body></html>
`;
}

/** Replaces what an earlier demo left in the folder. Returns the page's path. */
export async function writeSheet(
  folder: string,
  api: Api,
  items: readonly WorklistItem[],
  options: ReportOptions,
): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const figures: string[] = [];
  const tiles: SheetTile[] = [];
  for (const [i, item] of items.entries()) {
    const card = await cardOf(api, item, options);
    const stem = `film-${String(i + 1).padStart(3, '0')}`;
    if (card.film !== undefined) await writeFile(join(folder, `${stem}.png`), card.film);
    if (card.heatmap !== undefined) await writeFile(join(folder, `${stem}-heatmap.png`), card.heatmap);
    figures.push(figure(card, stem));
    tiles.push({
      ...(card.film !== undefined && { film: card.film }),
      ...(card.heatmap !== undefined && { heatmap: card.heatmap }),
      frame: card.frame,
      lines: [card.heading, card.lines[0] ?? ''],
    });
  }
  await writeFile(join(folder, 'contact-sheet.png'), await contactSheet(tiles, TILE));
  const path = join(folder, 'index.html');
  await writeFile(path, page(figures, options));
  return path;
}
