// Legend of the maps on the film: the colour of each outline, the scale of the heat, how strongly it lies on the film.
import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Reading } from '#client/client.ts';
import { headOf } from '#web/pages/shell/heads.ts';
import { both, say } from '#web/pages/shell/words.ts';
import { isShown, type Maps } from './maps.ts';

/** Drawn, not styled: the policy of the pages allows no style of its own, and the colours are those of the map itself. */
function Swatch({ colours, width }: { readonly colours: readonly string[]; readonly width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    colours.forEach((colour, at) => {
      context.fillStyle = colour;
      context.fillRect((at * width) / colours.length, 0, width / colours.length + 1, 12);
    });
  });
  return <canvas ref={canvas} width={width} height={12} aria-hidden="true" />;
}

interface MapLegendProps {
  readonly maps: Maps;
  readonly opacity: Signal<number>;
  readonly reading: Reading;
  /** False where another image of the study is on the screen. */
  readonly isOnFilm: boolean;
}

export function MapLegend({ maps, opacity, reading, isOnFilm }: MapLegendProps) {
  const { shown, heat } = maps;
  const [scale] = [...shown.value.values()].filter(isShown).map((map) => map.scale);
  return (
    <div class="legend small">
      {!isOnFilm && <strong>{say('map.other-image')}</strong>}
      {[...shown.value].map(
        ([code, map]) =>
          isShown(map) && (
            <span key={code} class="legend-name">
              <Swatch colours={[map.colour]} width={14} />{' '}
              {both(headOf(reading.provenance, code)?.title ?? { vi: code, en: code })}
            </span>
          ),
      )}
      {heat.value && scale && (
        <span title={say('map.scale')} class="legend-scale">
          {say('map.faint')} <Swatch colours={scale} width={96} /> {say('map.strong')}, {say('map.clipped')}
        </span>
      )}
      <label>
        <input type="checkbox" checked={heat.value} onChange={() => (heat.value = !heat.value)} /> {say('map.heat')}
      </label>
      <label>
        {say('opacity')}{' '}
        <input
          type="range"
          min="0"
          max="100"
          value={opacity.value * 100}
          onInput={(event) => (opacity.value = Number(event.currentTarget.value) / 100)}
        />
      </label>
    </div>
  );
}
