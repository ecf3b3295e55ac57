// The worklist page: studies in the order of reading, refreshed by itself, filtered here, opened by click or key.
import { SIGN, call, filmAddress, h, heads, isTyping, nameOf, person, placeTag, translatePage } from './page.js';
import { both, clock, duration, percent, switchLanguage, time, word } from './words.js';

const REFRESH_MS = 4000;
const PLACES = ['critical', 'urgent', 'routine'];
const OUTCOMES = ['assessed', 'not-assessed', 'failed'];
const find = (id) => document.getElementById(id);

const state = {
  items: [],
  titles: new Map(),
  place: '',
  outcome: '',
  finding: '',
  search: '',
  chosen: null,
  asOf: null,
  error: null,
  loaded: false,
};

const titleOf = (item, code) => both(state.titles.get(`${item.reading?.provenance.modelId}/${code}`)?.title) || code;
const headOf = (item, code) => state.titles.get(`${item.reading?.provenance.modelId}/${code}`);

function matches(item) {
  if (state.place && item.place !== state.place) return false;
  if (state.outcome && item.outcome !== state.outcome) return false;
  if (
    state.finding &&
    !item.reading?.findings.some(({ code, decision }) => code === state.finding && decision === 'positive')
  )
    return false;
  const text = `${nameOf(item)} ${item.patient.id ?? ''} ${item.accessionNumber ?? ''} ${item.description ?? ''}`;
  return plain(text).includes(plain(state.search));
}

/** So that "nguyen" finds "Nguyễn". */
const plain = (text) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/đ/gi, 'd')
    .toLowerCase();

function outcomeCell(item) {
  const { outcome, progress } = item;
  if (outcome === null)
    return [h('span', { class: 'quiet' }, word(progress?.state === 'running' ? 'running' : 'waiting'))];
  if (outcome === 'assessed') return findingsOf(item);
  const label = word(outcome);
  const again =
    progress && progress.state !== 'done'
      ? h(
          'span',
          { class: 'quiet small' },
          ' ',
          progress.state === 'failed' ? word('gave-up') : word('retrying', { n: progress.attempt }),
        )
      : null;
  return [
    h('span', { class: `tag outcome-${outcome}` }, `? ${label}, ${word('because')}:`),
    again,
    h(
      'ul',
      { class: 'reasons' },
      item.reasons.map(({ text }) => h('li', {}, both(text))),
    ),
  ];
}

function findingsOf(item) {
  const shown = item.reading.findings.filter(({ code }) => headOf(item, code)?.explains !== false);
  const positive = shown
    .filter(({ decision }) => decision === 'positive')
    .sort(
      (a, b) =>
        PLACES.indexOf(headOf(item, a.code)?.priority) - PLACES.indexOf(headOf(item, b.code)?.priority) ||
        b.probability - a.probability,
    );
  const undecided = shown.filter(({ decision }) => decision === 'indeterminate').length;
  const rest = undecided > 0 ? h('li', { class: 'finding-chip quiet' }, word('undecided', { n: undecided })) : null;
  if (positive.length === 0)
    return [h('ul', { class: 'findings' }, h('li', { class: 'quiet' }, word('nothing')), rest)];
  return [
    h(
      'ul',
      { class: 'findings' },
      positive.map(({ code, probability }) =>
        h(
          'li',
          { class: `finding-chip positive ${headOf(item, code)?.priority ?? ''}` },
          `${titleOf(item, code)} `,
          h('span', { class: 'number' }, percent(probability)),
        ),
      ),
      rest,
    ),
  ];
}

/** The clinical question and who asks it. */
function asked(order) {
  if (!order) return null;
  const by = [order.physician, order.department].filter(Boolean).join(', ');
  const text = [order.state === 'cancelled' ? word('order-cancelled') : null, order.question, by]
    .filter(Boolean)
    .join(' · ');
  return text === '' ? null : h('div', { class: 'small asked' }, text);
}

function rowOf(item) {
  const sop = item.reading?.sopInstanceUids[0];
  const address = `/studies/${encodeURIComponent(item.studyUid)}`;
  return h(
    'tr',
    {
      class: `study ${item.place}${item.openedAt ? ' opened' : ''}${item.studyUid === state.chosen ? ' chosen' : ''}`,
      'data-uid': item.studyUid,
      onclick: () => location.assign(address),
    },
    h(
      'td',
      {},
      placeTag(item.place),
      h(
        'div',
        { class: 'quiet small number', title: both(item.because.text) },
        `${word('waited')} ${duration(item.waitedMinutes)}`,
      ),
      item.alertIds.length > 0
        ? h('div', { class: 'small alerted' }, h('span', { class: 'bell' }, '!'), ` ${word('alert')}`)
        : null,
    ),
    h(
      'td',
      { class: 'film' },
      sop ? h('img', { src: filmAddress(sop, 160), alt: '', loading: 'lazy' }) : h('div', { class: 'nofilm' }, '–'),
    ),
    h(
      'td',
      {},
      h('a', { class: 'patient-name', href: address }, nameOf(item)),
      h('div', { class: 'quiet small' }, person(item)),
    ),
    h(
      'td',
      {},
      [item.modality, item.description].filter(Boolean).join(' · ') || '–',
      h(
        'div',
        { class: 'quiet small number' },
        time(item.studyTime ?? item.receivedAt),
        item.accessionNumber ? ` · ${item.accessionNumber}` : '',
      ),
      asked(item.order),
      item.notForClinicalUse ? h('div', { class: 'small quiet' }, `⊘ ${word('not-clinical')}`) : null,
    ),
    h('td', {}, outcomeCell(item)),
  );
}

function drawFilters() {
  find('places').replaceChildren(
    ...['', ...PLACES].map((place) => {
      const count = state.items.filter((item) => place === '' || item.place === place).length;
      return h(
        'button',
        {
          type: 'button',
          'aria-pressed': String(state.place === place),
          onclick: () => {
            state.place = place;
            draw();
          },
        },
        `${place ? `${SIGN[place]} ` : ''}${word(place || 'all')} ${count}`,
      );
    }),
  );
  fill('outcome', [['', word('any-outcome')], ...OUTCOMES.map((outcome) => [outcome, word(outcome)])]);
  const codes = [
    ...new Set(
      state.items.flatMap(
        (item) =>
          item.reading?.findings.filter(({ decision }) => decision === 'positive').map(({ code }) => code) ?? [],
      ),
    ),
  ];
  const titled = codes.map((code) => [
    code,
    titleOf(
      state.items.find((item) => item.reading?.findings.some((finding) => finding.code === code)),
      code,
    ),
  ]);
  fill('finding', [['', word('any-finding')], ...titled.sort((a, b) => a[1].localeCompare(b[1]))]);
}

function fill(id, options) {
  const select = find(id);
  const wanted = JSON.stringify(options);
  if (select.dataset.options === wanted) return;
  select.dataset.options = wanted;
  select.replaceChildren(...options.map(([value, text]) => h('option', { value }, text)));
  select.value = state[id];
}

let drawn = '';
function draw() {
  drawFilters();
  const items = state.items.filter(matches);
  if (!items.some(({ studyUid }) => studyUid === state.chosen)) state.chosen = items[0]?.studyUid ?? null;
  const message = find('message');
  find('table').classList.toggle('hidden', items.length === 0);
  message.classList.toggle('hidden', items.length > 0 && state.error === null);
  message.classList.toggle('error', state.error !== null);
  message.textContent =
    state.error !== null
      ? word('offline')
      : !state.loaded
        ? word('loading')
        : state.items.length === 0
          ? `${word('empty-title')}. ${word('empty')}`
          : word('no-match');
  find('count').textContent = state.loaded ? word('studies', { n: items.length }) : '';
  find('updated').textContent = state.asOf ? `${word('updated')} ${clock(state.asOf)}` : '';
  find('updated').classList.toggle('stale', state.error !== null);
  // Unchanged rows are left alone, so that nothing flickers and a text selection stays.
  const next = JSON.stringify([items, state.chosen, document.documentElement.lang, state.titles.size]);
  if (next === drawn) return;
  drawn = next;
  find('rows').replaceChildren(...items.map(rowOf));
}

async function refresh() {
  try {
    const [list, titles] = await Promise.all([call('/v1/worklist?limit=500'), heads()]);
    Object.assign(state, { items: list.items, titles, asOf: new Date(), error: null, loaded: true });
  } catch (error) {
    state.error = error;
  }
  draw();
}

function choose(step) {
  const uids = state.items.filter(matches).map(({ studyUid }) => studyUid);
  const at = uids.indexOf(state.chosen);
  state.chosen = uids[Math.min(Math.max(at + step, 0), uids.length - 1)] ?? null;
  draw();
  document.querySelector('tr.chosen')?.scrollIntoView({ block: 'nearest' });
}

const KEYS = {
  j: () => choose(1),
  ArrowDown: () => choose(1),
  k: () => choose(-1),
  ArrowUp: () => choose(-1),
  Enter: () => state.chosen && location.assign(`/studies/${encodeURIComponent(state.chosen)}`),
  '/': () => find('search').focus(),
  r: refresh,
  l: () => {
    switchLanguage();
    translatePage(draw);
    draw();
  },
};
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target.id === 'search') event.target.blur();
  if (isTyping(event) || KEYS[event.key] === undefined) return;
  event.preventDefault();
  KEYS[event.key]();
});
for (const id of ['outcome', 'finding', 'search'])
  find(id).addEventListener('input', (event) => {
    state[id] = event.target.value;
    draw();
  });
find('refresh').addEventListener('click', refresh);

translatePage(draw);
draw();
await refresh();
setInterval(() => {
  if (!document.hidden) void refresh();
}, REFRESH_MS);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void refresh();
});
