import type { Markup } from './markup.ts';
import { markup } from './markup.ts';

/** Above this many classes a cell shows its count alone. */
const PERCENTAGES_UP_TO = 14;

/**
 * Confusion matrix as a shaded table: counts, and percentages of the true class.
 *
 * @param confusion Rows true, columns predicted, `[classes][classes]`.
 */
export function confusionTable(classes: string[], confusion: number[][]): Markup {
  const withPercentages = classes.length <= PERCENTAGES_UP_TO;
  return markup`<section><h2>Confusion matrix</h2>
<div class="scroll"><table class="confusion${!withPercentages && ' dense'}">
<caption>Clips by true class (rows) and predicted class (columns)${withPercentages && '; percentages are of the row'}. The shade is the share of the row.</caption>
<thead><tr><th class="corner"><span>true ↓</span> <span>predicted →</span></th>${classes.map(
    (name) => markup`<th scope="col"><span>${name}</span></th>`,
  )}<th scope="col" class="total"><span>clips</span></th></tr></thead>
<tbody>${confusion.map((row, trueClass) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return markup`<tr><th scope="row"><span>${classes[trueClass]}</span></th>${row.map((count, predicted) =>
      cell(count, total, `true ${classes[trueClass]}, predicted ${classes[predicted]}`, {
        withPercentages,
        onDiagonal: trueClass === predicted,
      }),
    )}<td class="total">${total}</td></tr>\n`;
  })}</tbody></table></div></section>`;
}

function cell(
  count: number,
  total: number,
  meaning: string,
  { withPercentages, onDiagonal }: { withPercentages: boolean; onDiagonal: boolean },
): Markup {
  const share = total === 0 ? 0 : count / total;
  const percentage = `${Math.round(100 * share)} %`;
  const looks = [onDiagonal && 'diagonal', count === 0 && 'zero'].filter(Boolean);
  return markup`<td class="${looks.join(' ')}" style="--share:${share.toFixed(3)}" title="${meaning}: ${count} of ${total} (${percentage})">${count}${
    withPercentages && count > 0 && markup`<small>${percentage}</small>`
  }</td>`;
}
