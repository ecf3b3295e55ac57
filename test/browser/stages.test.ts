// Stages of models in administration: no step without a reason and an approver, the figures before it, a refusal in words, and every step kept.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { modelsFolder } from '../flows/service.ts';
import { graveFaults } from './accessibility.ts';
import { sidewaysFaults } from './sideways.ts';
import { openSite, type Site } from './site.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const NEXT = 'cxr-next';

describe('stages of models in Chromium', () => {
  let site: Site;
  const models = modelsFolder();
  beforeAll(async () => {
    writeTinyModel(models, { id: NEXT });
    writeTinyModel(models, { id: NEXT, version: '2', seed: 2, apart: true });
    site = await openSite(undefined, undefined, { HAIDANG_MODELS_DIR: models });
  });
  afterAll(async () => {
    await site?.close();
    rmSync(models, { recursive: true, force: true });
  });

  const stageOf = async (id: string, version = '1') =>
    (await site.service.client.v1.listModels()).data.models.find(
      (model) => model.id === id && model.version === version,
    )?.stage;

  test('a model goes its way with reason and approver, is refused in words, and each step is kept', async () => {
    const page = await site.open('/admin');
    const card = page.locator(`[data-staged=${NEXT}][data-version='1']`);
    await card.waitFor();
    expect(await card.getAttribute('data-stage')).toBe('draft');
    // The live one has no form: another must take its place.
    expect(await page.locator('[data-staged=cxr-findings] form').count()).toBe(0);
    const step = card.locator('form');
    await step.locator('select[name=to]').selectOption('silent');
    await step.locator('input[name=approver]').fill('BS Minh');
    await step.locator('button[type=submit]').click();
    expect(await stageOf(NEXT)).toBe('draft');
    await step.locator('input[name=reason]').fill('Beside the live one for a month');
    await step.locator('button[type=submit]').click();
    await expect.poll(() => card.getAttribute('data-stage')).toBe('silent');
    expect(await stageOf(NEXT)).toBe('silent');

    const told = await page.locator('#stages tr[data-step]').first().innerText();
    for (const part of [NEXT, '→ Silent', 'BS Minh', 'Beside the live one for a month']) expect(told).toContain(part);

    await card.locator('button', { hasText: 'Figures' }).click();
    await card.locator('[data-exit=not-passed] tbody tr').first().waitFor();
    expect(await card.locator('[data-exit] tbody tr').first().innerText()).toContain('not tested');
    await step.locator('select[name=to]').selectOption('pilot');
    await step.locator('input[name=approver]').fill('BS Minh');
    await step.locator('input[name=reason]').fill('Too early');
    await step.locator('button[type=submit]').click();
    await page.locator('.notice[role=alert]').waitFor();
    expect(await page.locator('.notice').innerText()).toContain('figures');
    expect(await stageOf(NEXT)).toBe('silent');
    expect(await graveFaults(page)).toEqual([]);
    await page.locator('.notice button').click();
    await page.locator('#language').click();
    expect(await card.innerText()).toContain('Đọc thầm');
    expect(await sidewaysFaults(page)).toEqual([]);
    await page.context().close();
  });

  test('of two versions the one that stands in the card takes the step', async () => {
    const page = await site.open('/admin');
    const card = page.locator(`[data-staged=${NEXT}][data-version='2']`);
    const step = card.locator('form');
    await step.locator('select[name=to]').selectOption('silent');
    await step.locator('input[name=approver]').fill('BS Minh');
    await step.locator('input[name=reason]').fill('The second version too');
    await step.locator('button[type=submit]').click();
    await expect.poll(() => card.getAttribute('data-stage')).toBe('silent');
    expect([await stageOf(NEXT, '1'), await stageOf(NEXT, '2')]).toEqual(['silent', 'silent']);
    await page.context().close();
  });
});
