// One page of a search: what is asked for and what comes back.
import type { Sort } from '#kernel/record-search.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import type { Asked } from './parse.ts';

export interface PageRequest {
  readonly asked: Asked;
  readonly limit: number;
  readonly sort?: Sort;
  readonly after?: string;
}

export interface Shown {
  readonly resource: Resource;
  /** Place in the order: where the next page goes on. */
  readonly key: string;
}
