// The study page: the film with its heatmaps, what the model says and why, its alerts, similar cases, and where the result comes from.
import { openFilm } from './film.js';
import { call, filmAddress, h, heads, isTyping, nameOf, person, placeTag, post, toast, translatePage } from './page.js';
import { both, percent, switchLanguage, time, word } from './words.js';

const REFRESH_MS = 1500;
const uid = decodeURIComponent(location.pathname.split('/').pop());
const find = (id) => document.getElementById(id);
const DECISIONS = ['positive', 'indeterminate', 'negative'];

const state = {
  study: null,
  titles: new Map(),
  alerts: [],
  similar: null,
  reasons: [],
  map: null,
  film: null,
  overriding: null,
  missing: null,
};

const film = openFilm(({ zoom, center, width }) => {
  find('corner-right').textContent =
    `${word('zoom')} ${Math.round(zoom * 100)} %  W ${Math.round(width * 255)}  C ${Math.round(center * 255)}`;
});

const headOf = (code) => state.titles.get(`${state.study.reading?.provenance.modelId}/${code}`);
const titleOf = (code) => both(headOf(code)?.title) || code;

function explainable() {
  const { reading } = state.study;
  return reading === null
    ? []
    : reading.findings
        .filter(({ code }) => headOf(code)?.explains !== false)
        .toSorted(
          (a, b) => DECISIONS.indexOf(a.decision) - DECISIONS.indexOf(b.decision) || b.probability - a.probability,
        );
}

const withMap = () => explainable().filter(({ heatmap }) => heatmap?.shown);

function toggleMap(code) {
  state.map = state.map === code ? null : code;
  film.overlay(
    state.map === null ? null : `/v1/readings/${state.study.reading.id}/heatmaps/${encodeURIComponent(state.map)}`,
  );
  find('opacity-label').classList.toggle('hidden', state.map === null);
  draw();
}

function findingBlock(finding) {
  const { code, probability, decision, heatmap } = finding;
  const head = headOf(code);
  const bar = h('div', { class: 'bar', title: word('bar-help') }, h('i', {}), head && h('b', {}), head && h('b', {}));
  bar.querySelector('i').style.width = `${probability * 100}%`;
  const [low, high] = bar.querySelectorAll('b');
  if (head) {
    low.style.left = `${head.negativeTo * 100}%`;
    high.style.left = `${head.positiveFrom * 100}%`;
  }
  const number = withMap().findIndex((each) => each.code === code);
  const button = heatmap?.shown
    ? h(
        'button',
        {
          type: 'button',
          class: 'small',
          'aria-pressed': String(state.map === code),
          title: word('faithfulness', { n: heatmap.faithfulness.toFixed(2) }),
          onclick: () => toggleMap(code),
        },
        `${word(state.map === code ? 'hide-map' : 'show-map')} `,
        number < 9 ? h('kbd', {}, String(number + 1)) : null,
      )
    : null;
  return h(
    'div',
    {
      class: `finding ${decision} ${head?.priority ?? ''}`,
      'data-map': state.map === code ? 'shown' : (heatmap?.state ?? 'none'),
    },
    h(
      'div',
      { class: 'line' },
      h('span', { class: 'name' }, titleOf(code)),
      h('span', { class: 'number' }, percent(probability)),
      h('span', { class: `decision ${decision}` }, word(decision)),
      button,
    ),
    bar,
    heatmap && !heatmap.shown
      ? h('div', { class: 'quiet small' }, heatmap.reason ? both(heatmap.reason.text) : word(`map-${heatmap.state}`))
      : null,
  );
}

/** Undecided findings that stand open; what is critical or has a map always does. The alert below must stay on the screen. */
const OPEN_UNDECIDED = 3;

const isOpen = ({ code, heatmap }, place) =>
  place < OPEN_UNDECIDED || heatmap?.shown || headOf(code)?.priority === 'critical';

const folded = (title, findings) =>
  findings.length === 0
    ? null
    : h('details', {}, h('summary', {}, word(title, { n: findings.length })), findings.map(findingBlock));

function findingsSection() {
  const findings = explainable();
  if (findings.length === 0) return null;
  const positive = findings.filter(({ decision }) => decision === 'positive');
  const undecided = findings.filter(({ decision }) => decision === 'indeterminate');
  const negative = findings.filter(({ decision }) => decision === 'negative');
  return h(
    'section',
    {},
    h('h2', {}, word('findings')),
    [...positive, ...undecided.filter(isOpen)].map(findingBlock),
    folded(
      'undecided-more',
      undecided.filter((finding, place) => !isOpen(finding, place)),
    ),
    folded('negatives', negative),
    h('p', { class: 'quiet small' }, word('bar-help')),
  );
}

function verdictSection() {
  const { reading, progress } = state.study;
  if (reading === null) {
    const failed = progress.state === 'failed' || progress.state === 'retrying';
    return h(
      'section',
      {},
      h(
        'div',
        { class: `verdict ${failed ? 'outcome-failed' : ''}` },
        failed ? `? ${word('failed')}` : word(progress.state === 'running' ? 'running' : 'waiting'),
      ),
      progress.reason ? h('p', {}, both(progress.reason.text)) : null,
      progress.state === 'retrying' ? h('p', { class: 'quiet' }, word('retrying', { n: progress.attempt })) : null,
    );
  }
  if (reading.outcome === 'assessed')
    return h(
      'section',
      {},
      h('div', { class: 'verdict' }, placeTag(reading.priority), h('span', { class: 'quiet' }, word('assessed'))),
    );
  return h(
    'section',
    {},
    h('div', { class: `verdict outcome-${reading.outcome}` }, `? ${word(reading.outcome)}, ${word('because')}:`),
    h(
      'ul',
      { class: 'reasons' },
      reading.reasons.map(({ text }) => h('li', {}, both(text))),
    ),
  );
}

function notesSection() {
  const { reading } = state.study;
  if (reading?.outcome !== 'assessed' || reading.reasons.length === 0) return null;
  return h(
    'section',
    {},
    h('h2', {}, word('reasons')),
    h(
      'ul',
      { class: 'reasons' },
      reading.reasons.map(({ text }) => h('li', {}, both(text))),
    ),
  );
}

async function act(alert, action, body = {}) {
  try {
    await post(`/v1/alerts/${alert.id}/${action}`, { eventId: crypto.randomUUID?.(), ...body });
    state.overriding = null;
    await refresh();
  } catch (error) {
    toast(error.message);
    await refresh();
  }
}

function overrideForm(alert) {
  const reason = h(
    'select',
    { required: true },
    h('option', { value: '' }, word('choose-reason')),
    state.reasons.map(({ code, text }) => h('option', { value: code }, both(text))),
  );
  const comment = h('textarea', { placeholder: word('comment'), maxlength: 2000 });
  return h(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        void act(alert, 'override', {
          reasonCode: reason.value,
          ...(comment.value.trim() && { comment: comment.value.trim() }),
        });
      },
    },
    reason,
    comment,
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'submit', class: 'main' }, word('send')),
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            state.overriding = null;
            draw();
          },
        },
        word('cancel'),
      ),
    ),
  );
}

function alertCard(alert) {
  const open = ['new', 'seen', 'acknowledged'].includes(alert.status);
  return h(
    'div',
    { class: `alert-card ${alert.severity}` },
    h('h3', {}, both(alert.summary)),
    h(
      'details',
      {},
      h('summary', { class: 'small' }, word('details')),
      h('p', { class: 'small' }, both(alert.detail)),
      h(
        'ul',
        { class: 'reasons quiet small' },
        alert.limitations.map((text) => h('li', {}, both(text))),
      ),
    ),
    h('div', { class: 'small' }, `${word('status')}: `, h('strong', {}, word(alert.status))),
    !open
      ? null
      : state.overriding === alert.id
        ? overrideForm(alert)
        : h(
            'div',
            { class: 'actions' },
            alert.status === 'acknowledged'
              ? null
              : h(
                  'button',
                  { type: 'button', class: 'main', onclick: () => act(alert, 'acknowledge') },
                  word('acknowledge'),
                  ' ',
                  h('kbd', {}, 'A'),
                ),
            h(
              'button',
              {
                type: 'button',
                onclick: () => {
                  state.overriding = alert.id;
                  draw();
                },
              },
              word('override'),
            ),
            h('button', { type: 'button', onclick: () => act(alert, 'false-positive') }, word('false-positive')),
          ),
  );
}

const alertsSection = () =>
  state.alerts.length === 0 ? null : h('section', {}, h('h2', {}, word('alerts')), state.alerts.map(alertCard));

function similarSection() {
  const { similar } = state;
  if (similar === null) return null;
  const quality =
    similar.method === 'exact'
      ? word('exact')
      : similar.recall
        ? word('recall', { n: Math.round(similar.recall.recall * 100) })
        : '';
  const disagree = similar.votes.filter(({ kind }) => kind === 'disagrees');
  return h(
    'section',
    {},
    h('h2', {}, word('similar')),
    similar.nearDuplicates.length > 0 ? h('p', { class: 'place critical' }, word('duplicate')) : null,
    disagree.map(({ finding, positive, confirmed }) =>
      h('p', { class: 'place urgent' }, word('vote-disagrees', { finding: titleOf(finding), positive, confirmed })),
    ),
    similar.neighbours.length === 0
      ? h('p', { class: 'quiet' }, word('no-similar'))
      : h(
          'div',
          { class: 'similar' },
          similar.neighbours.map((each) =>
            h(
              'a',
              { href: `/studies/${encodeURIComponent(each.studyUid)}` },
              each.sopInstanceUid
                ? h('img', { src: filmAddress(each.sopInstanceUid, 160), alt: '', loading: 'lazy' })
                : null,
              h('span', { class: 'number' }, each.similarity.toFixed(2)),
              ' ',
              [each.sex && word(each.sex), each.ageYears !== null && `${Math.floor(each.ageYears)} ${word('years')}`]
                .filter(Boolean)
                .join(', '),
              h('div', {}, each.findings.map(titleOf).join(', ') || '–'),
              h('div', { class: 'quiet' }, word(`label-${each.labelSource}`)),
              ['present', 'absent']
                .filter((said) => each.confirmed[said].length > 0)
                .map((said) =>
                  h(
                    'div',
                    { class: 'quiet' },
                    `${word(`said-${said}`)}: ${each.confirmed[said].map(titleOf).join(', ')}`,
                  ),
                ),
            ),
          ),
        ),
    h('p', { class: 'quiet small' }, quality),
  );
}

const facts = (rows) =>
  h(
    'dl',
    { class: 'facts' },
    rows.filter(([, value]) => value).flatMap(([key, value]) => [h('dt', {}, word(key)), h('dd', {}, String(value))]),
  );

function studySection() {
  const { study } = state;
  return h(
    'section',
    {},
    h('h2', {}, word('study')),
    facts([
      ['description', [study.modality, study.description].filter(Boolean).join(' · ')],
      ['accession', study.accessionNumber],
      ['question', study.order?.question],
      ['requester', [study.order?.physician, study.order?.department].filter(Boolean).join(', ')],
      ['order-state', study.order?.state === 'cancelled' && word('order-cancelled')],
      ['study-time', study.studyTime && time(study.studyTime)],
      ['received', time(study.receivedAt)],
      ['view', [...new Set(study.images.map(({ view }) => view).filter(Boolean))].join(', ')],
    ]),
  );
}

function provenanceSection() {
  const { reading } = state.study;
  if (reading === null) return null;
  const from = reading.provenance;
  return h(
    'section',
    {},
    h(
      'details',
      {},
      h('summary', {}, word('provenance')),
      facts([
        ['model', `${from.modelId} ${from.modelVersion}`],
        ['calibration', from.calibrationVersion],
        ['thresholds', from.thresholdVersion],
        ['hardware', `${from.provider} ${from.precision}`],
        ['pipeline', from.pipelineVersion],
        ['read-at', time(reading.readAt)],
        ['revision', reading.revision],
        ['input', from.inputSha256],
        ['weights', from.modelSha256],
      ]),
    ),
  );
}

let drawn = '';
function draw() {
  const { study } = state;
  if (study === null) {
    find('panel').replaceChildren(
      h('div', { class: `state${state.missing ? ' error' : ''}` }, state.missing ?? word('loading')),
    );
    return;
  }
  // A form that is being filled in is not torn away by a refresh that brings nothing new.
  const next = JSON.stringify([
    study,
    state.alerts,
    state.similar,
    state.map,
    state.overriding,
    state.titles.size,
    document.documentElement.lang,
  ]);
  if (next === drawn) return;
  drawn = next;
  document.title = `${nameOf(study)} – Hải Đăng`;
  find('patient').textContent = nameOf(study);
  find('person').textContent = person(study);
  find('close').disabled = study.closedAt !== null;
  find('close').textContent = word(study.closedAt === null ? 'close' : 'closed');
  find('watermark').classList.toggle('hidden', !study.notForClinicalUse);
  find('corner').textContent = [
    study.modality,
    study.images[0]?.view,
    study.images[0]?.columns && `${study.images[0].columns} × ${study.images[0].rows}`,
  ]
    .filter(Boolean)
    .join('  ');
  find('panel').replaceChildren(
    ...[
      verdictSection(),
      findingsSection(),
      alertsSection(),
      notesSection(),
      similarSection(),
      studySection(),
      provenanceSection(),
      h('section', {}, h('p', { class: 'quiet small' }, word('keys'))),
    ].filter(Boolean),
  );
  const sop = study.reading?.sopInstanceUids[0] ?? study.images[0]?.sopInstanceUid;
  if (sop && sop !== state.film) {
    state.film = sop;
    film.show(sop, () => toast(word('offline')));
  }
}

async function refresh() {
  const path = encodeURIComponent(uid);
  try {
    const before = state.study?.reading?.id;
    const [study, alerts, titles] = await Promise.all([
      call(`/v1/studies/${path}`),
      call(`/v1/alerts?studyUid=${path}&limit=20`),
      heads(),
    ]);
    Object.assign(state, { study, alerts, titles, missing: null });
    if (study.reading?.outcome === 'assessed' && study.reading.id !== before) {
      state.similar = await call(`/v1/readings/${study.reading.id}/similar?k=8`);
      if (state.map !== null) toggleMap(state.map);
    }
  } catch (error) {
    if (state.study === null) state.missing = error.status === 404 ? word('no-such') : error.message;
    else toast(word('offline'));
  }
  draw();
}

const first = () => state.alerts.find(({ status }) => status === 'new' || status === 'seen');
const KEYS = {
  Escape: () => location.assign('/'),
  '+': () => film.zoom(1.25),
  '=': () => film.zoom(1.25),
  '-': () => film.zoom(0.8),
  0: () => {
    film.reset();
    find('invert').setAttribute('aria-pressed', 'false');
  },
  i: invert,
  a: () => first() && act(first(), 'acknowledge'),
  h: () => {
    const [top] = withMap();
    if (top) toggleMap(state.map ?? top.code);
  },
  l: () => {
    switchLanguage();
    translatePage(draw);
    draw();
  },
};
function invert() {
  find('invert').setAttribute('aria-pressed', String(film.invert()));
}

document.addEventListener('keydown', (event) => {
  if (isTyping(event)) return;
  const finding = /^[1-9]$/.test(event.key) ? withMap()[Number(event.key) - 1] : undefined;
  if (finding) toggleMap(finding.code);
  else KEYS[event.key]?.();
});
find('zoom-in').onclick = () => film.zoom(1.25);
find('zoom-out').onclick = () => film.zoom(0.8);
find('reset').onclick = KEYS[0];
find('invert').onclick = invert;
find('opacity').oninput = (event) => film.setOpacity(event.target.value / 100);
find('close').onclick = async () => {
  try {
    await post(`/v1/studies/${encodeURIComponent(uid)}/closed`);
    location.assign('/');
  } catch (error) {
    toast(error.message);
  }
};
find('reread').onclick = async () => {
  try {
    await post(`/v1/studies/${encodeURIComponent(uid)}/reread`);
    await refresh();
  } catch (error) {
    toast(error.message);
  }
};

translatePage(draw);
draw();
await refresh();
if (state.study) {
  post(`/v1/studies/${encodeURIComponent(uid)}/opened`).catch(() => undefined);
  for (const alert of state.alerts.filter(({ status }) => status === 'new'))
    post(`/v1/alerts/${alert.id}/seen`, {}).catch(() => undefined);
  state.reasons = await call('/v1/alerts/override-reasons').catch(() => []);
}
// Until it is read the page looks often; afterwards only for what others do about the alerts.
setInterval(() => {
  if (!document.hidden && state.overriding === null) void refresh();
}, REFRESH_MS * 2);
