// Whether a page must be moved sideways to be read, at the widths of phones: 390 px, and the 320 px that WCAG 1.4.10 asks for.
import type { Page } from 'playwright-core';

const WIDTHS = [390, 320];

/**
 * In the page: undefined where all of it is on the screen. What a box of its own scrolls or cuts does not count; text that runs out of its box is in no
 * rectangle but in its box's scroll width. The tour's light is a frame around a part of the page, not something to read.
 */
const FAULT = `(() => {
  const html = document.documentElement;
  const holds = (each) => getComputedStyle(each).overflowX !== 'visible';
  const isHeld = ({ parentElement: parent }) => parent !== null && (holds(parent) || isHeld(parent));
  const rightOf = (each) => {
    const { left, width } = each.getBoundingClientRect();
    return left + (holds(each) ? width : Math.max(width, each.scrollWidth));
  };
  const out = [...document.querySelectorAll('body *:not(.tour-light)')].filter((each) => rightOf(each) > html.clientWidth + 1 && !isHeld(each));
  const widest = Math.max(html.scrollWidth, document.body.scrollWidth);
  if (widest <= html.clientWidth && out.length === 0) return undefined;
  return widest + ' px: ' + out.slice(-3).map((each) => each.tagName + ' ' + each.className);
})()`;

/** Each width at which the page is wider than the screen, with what stands out of it. Leaves the page at its own size. */
export async function sidewaysFaults(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    // The film's canvas takes its new size on the next frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const fault: string | undefined = await page.evaluate(FAULT);
    if (fault !== undefined) faults.push(`at ${width} px wide ${fault}`);
  }
  if (before !== null) await page.setViewportSize(before);
  return faults;
}
