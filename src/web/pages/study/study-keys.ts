// The keys of the study page: one for each thing that a reader does often.
import type { Key } from '#web/pages/shell/keys.tsx';
import { studyAddress } from '#web/pages/shell/person.ts';
import { go } from '#web/pages/shell/router.ts';
import type { FilmControl } from '#web/pages/viewer/film-viewer.tsx';
import { neighboursOf } from '#web/pages/worklist/worklist-state.ts';
import { acknowledge } from './alert-card.tsx';
import { mappable } from './findings-section.tsx';
import type { Maps } from './maps.ts';
import { type EarlierFilms, toggleEarlier } from './prior.tsx';
import { isUnanswered, type StudyState } from './study-state.ts';

const backToList = (): void => go(`/${sessionStorage.getItem('haidang-list') ?? ''}`);

export interface StudyHands {
  readonly state: StudyState;
  readonly maps: Maps;
  readonly films: EarlierFilms;
  /** Until the pre-read is revealed its maps have no keys. */
  readonly isRevealed: boolean;
  film(): FilmControl | undefined;
}

export function studyKeys({ state, maps, films, isRevealed, film }: StudyHands): readonly Key[] {
  const { previous, next } = neighboursOf(state.uid);
  const reading = isRevealed ? (state.study.value?.reading ?? undefined) : undefined;
  const withMap = reading === undefined ? [] : mappable(reading);
  const open = (uid: string | undefined) => () => {
    if (uid !== undefined) go(studyAddress(uid));
  };
  const acknowledgeFirst = (): void => {
    const alert = state.alerts.value.find(isUnanswered);
    if (alert) void acknowledge({ alert, reasons: state.reasons.value, refresh: state.refresh });
  };
  return [
    { key: 'Escape', label: 'key.list', run: backToList },
    { key: 'n', label: 'key.next-study', run: open(next) },
    { key: 'p', label: 'key.previous-study', run: open(previous) },
    { key: 'a', label: 'acknowledge', run: acknowledgeFirst },
    ...withMap.slice(0, 9).map(({ code }, at) => ({
      key: String(at + 1),
      label: 'key.map' as const,
      run: () => void (reading && maps.toggle(reading.id, code)),
    })),
    { key: 'h', label: 'key.no-maps', run: maps.clear },
    { key: 'c', label: 'key.heat', run: () => (maps.heat.value = !maps.heat.value) },
    { key: 'b', label: 'key.prior', run: () => toggleEarlier(films) },
    { key: 'w', label: 'tool.window', run: () => film()?.choose('window') },
    { key: 'd', label: 'tool.distance', run: () => film()?.choose('distance') },
    { key: 'e', label: 'tool.angle', run: () => film()?.choose('angle') },
    { key: 'm', label: 'tool.magnifier', run: () => film()?.choose('magnifier') },
    { key: '+', label: 'tool.in', run: () => film()?.zoom(1.25) },
    { key: '-', label: 'tool.out', run: () => film()?.zoom(0.8) },
    { key: 'f', label: 'tool.fit', run: () => film()?.fit() },
    { key: 'o', label: 'tool.actual', run: () => film()?.actual() },
    { key: 't', label: 'tool.turn', run: () => film()?.turn() },
    { key: 's', label: 'tool.flip', run: () => film()?.flip() },
    { key: 'g', label: 'key.preset', run: () => film()?.nextPreset() },
    { key: 'u', label: 'tool.undo', run: () => film()?.undo() },
    { key: 'i', label: 'tool.invert', run: () => film()?.invert() },
    { key: '0', label: 'tool.reset', run: () => film()?.reset() },
  ];
}
