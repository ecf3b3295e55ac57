// The film: zoom at the pointer, pan, window by a linear transfer of gray values, a heatmap laid over it in the same place.
import { filmAddress, h } from './page.js';

const FILM_SIZE = 2048;
const find = (id) => document.getElementById(id);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export function openFilm(onChange) {
  const viewer = find('viewer');
  const stage = find('stage');
  const view = { scale: 1, x: 0, y: 0, center: 0.5, width: 1, inverted: false };
  let film = null;
  let map = null;
  let opacity = 0.75;

  function apply() {
    if (film === null) return;
    const { scale, x, y, center, width, inverted } = view;
    stage.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    // out = (in - low) / width, as a DICOM window does; inverted runs the other way.
    const slope = (inverted ? -1 : 1) / width;
    const intercept = inverted ? 1 + (center - width / 2) / width : -(center - width / 2) / width;
    for (const channel of document.querySelectorAll('#window feFuncR, #window feFuncG, #window feFuncB')) {
      channel.setAttribute('slope', slope);
      channel.setAttribute('intercept', intercept);
    }
    film.style.filter = slope === 1 && intercept === 0 ? 'none' : 'url(#window)';
    onChange({ zoom: scale, center, width });
  }

  function fit() {
    if (film === null || film.naturalWidth === 0) return;
    const { clientWidth, clientHeight } = viewer;
    view.scale = Math.min(clientWidth / film.naturalWidth, clientHeight / film.naturalHeight);
    view.x = (clientWidth - film.naturalWidth * view.scale) / 2;
    view.y = (clientHeight - film.naturalHeight * view.scale) / 2;
    apply();
  }

  function zoom(factor, at = { x: viewer.clientWidth / 2, y: viewer.clientHeight / 2 }) {
    const next = clamp(view.scale * factor, 0.05, 20);
    view.x = at.x - ((at.x - view.x) * next) / view.scale;
    view.y = at.y - ((at.y - view.y) * next) / view.scale;
    view.scale = next;
    apply();
  }

  viewer.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const box = viewer.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), { x: event.clientX - box.left, y: event.clientY - box.top });
    },
    { passive: false },
  );

  let drag = null;
  viewer.addEventListener('pointerdown', (event) => {
    if (event.target.closest('.tools')) return;
    drag = { x: event.clientX, y: event.clientY, windowing: event.shiftKey || event.button === 2 };
    viewer.classList.add(drag.windowing ? 'windowing' : 'moving');
    viewer.setPointerCapture(event.pointerId);
  });
  viewer.addEventListener('pointermove', (event) => {
    if (drag === null) return;
    const dx = event.clientX - drag.x;
    const dy = event.clientY - drag.y;
    Object.assign(drag, { x: event.clientX, y: event.clientY });
    if (drag.windowing) {
      view.width = clamp(view.width + dx / 500, 0.02, 3);
      view.center = clamp(view.center + dy / 500, -0.5, 1.5);
    } else {
      view.x += dx;
      view.y += dy;
    }
    apply();
  });
  const end = () => {
    drag = null;
    viewer.classList.remove('moving', 'windowing');
  };
  viewer.addEventListener('pointerup', end);
  viewer.addEventListener('pointercancel', end);
  viewer.addEventListener('contextmenu', (event) => event.preventDefault());
  viewer.addEventListener('dblclick', (event) => {
    if (!event.target.closest('.tools')) reset();
  });
  new ResizeObserver(fit).observe(viewer);

  function reset() {
    Object.assign(view, { center: 0.5, width: 1, inverted: false });
    fit();
  }

  return {
    show(sopInstanceUid, onError) {
      film = h('img', { class: 'film', src: filmAddress(sopInstanceUid, FILM_SIZE), alt: '', draggable: 'false' });
      film.addEventListener('load', () => {
        fit();
        place();
      });
      film.addEventListener('error', onError);
      stage.replaceChildren(film);
    },
    /** `address` null takes the map away. */
    overlay(address) {
      map?.remove();
      map = address === null ? null : h('img', { class: 'map', src: address, alt: '', draggable: 'false' });
      if (map !== null) {
        place();
        stage.append(map);
      }
    },
    setOpacity(share) {
      opacity = share;
      place();
    },
    zoom,
    reset,
    invert() {
      view.inverted = !view.inverted;
      apply();
      return view.inverted;
    },
  };

  function place() {
    if (map === null || film === null) return;
    // The map covers the whole film, at a coarser resolution.
    map.style.width = `${film.naturalWidth}px`;
    map.style.height = `${film.naturalHeight}px`;
    // The picture's own strongest colour is already translucent; 75 % is as it was drawn.
    map.style.opacity = String(clamp(opacity / 0.75, 0, 1));
    map.style.filter = opacity > 0.75 ? `saturate(${1 + (opacity - 0.75) * 4})` : 'none';
  }
}
