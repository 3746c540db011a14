/** A figure to three decimals; an en dash where it is not defined. */
export function formatFigure(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(3);
}

/** `[0.912, 0.967]`; an en dash where it is not defined. */
export function formatInterval(interval: readonly [number, number] | null | undefined): string {
  return interval ? `[${formatFigure(interval[0])}, ${formatFigure(interval[1])}]` : '–';
}
