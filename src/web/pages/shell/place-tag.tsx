// An urgency, as a sign, a word and a colour.
import type { Priority } from '#client/client.ts';
import { SIGNS } from './person.ts';
import { say } from './words.ts';

export const PlaceTag = ({ place }: { readonly place: Priority }) => (
  <span class={`place ${place}`}>
    <span aria-hidden="true">{SIGNS[place]}</span> {say(`place.${place}`)}
  </span>
);
