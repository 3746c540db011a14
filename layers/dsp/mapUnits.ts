/** What the numbers of a map may be. */

export const mapUnits = ['decibel', 'power', 'magnitude'] as const;
export type MapUnit = (typeof mapUnits)[number];
