// What both pages share: elements from data (text is always text), the API, the header.
import { language, switchLanguage, word } from './words.js';

/** `h('p', {class: 'quiet', onclick}, 'text', child)`; null children are left out. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export class Refused extends Error {
  constructor(problem, status) {
    super(problem?.text?.[language()] ?? `HTTP ${status}`);
    this.code = problem?.code;
    this.status = status;
  }
}

export async function call(path, options = {}) {
  const { body, ...rest } = options;
  const response = await fetch(path, {
    ...rest,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(15_000),
  });
  if (!response.ok) throw new Refused(await response.json().catch(() => undefined), response.status);
  return response.status === 204 ? null : response.json();
}

export const post = (path, body) => call(path, { method: 'POST', ...(body !== undefined && { body }) });

let toastTimer;
export function toast(message) {
  document.querySelector('.toast')?.remove();
  document.body.append(h('div', { class: 'toast', role: 'alert' }, message));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => document.querySelector('.toast')?.remove(), 6000);
}

/** Fills every element with `data-word`, and the language button. */
export function translatePage(onSwitch) {
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll('[data-placeholder]'))
    element.placeholder = word(element.dataset.placeholder);
  const button = document.querySelector('#language');
  button.textContent = word('language');
  button.onclick = () => {
    switchLanguage();
    translatePage(onSwitch);
    onSwitch();
  };
}

export const SIGN = { critical: '▲▲', urgent: '▲', routine: '●' };

export const placeTag = (place) => h('span', { class: `place ${place}` }, `${SIGN[place]} ${word(place)}`);

export function person({ patient, ageYears }) {
  const parts = [
    patient.sex && word(patient.sex),
    ageYears !== null && `${Math.floor(ageYears)} ${word('years')}`,
    patient.id,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** `NGUYỄN^VĂN^AN` as a person writes it. */
export const nameOf = ({ patient }) => patient.name?.split('=')[0].replaceAll('^', ' ').trim() || word('unnamed');

export const filmAddress = (uid, size) => `/v1/images/${encodeURIComponent(uid)}?size=${size}`;

/** Key presses that belong to a text field are left alone. */
export const isTyping = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);

/** Titles and operating points by finding code, of the model that made a reading. */
let modelsPromise;
export function heads() {
  modelsPromise ??= call('/v1/models').then(
    ({ models }) => new Map(models.flatMap((model) => model.heads.map((head) => [`${model.id}/${head.code}`, head]))),
  );
  modelsPromise.catch(() => {
    modelsPromise = undefined;
  });
  return modelsPromise;
}
