// Support points belong to the visitor: moved by mouse or keyboard, added and removed.
import assert from 'node:assert/strict';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');

/** The support points that can be taken hold of. */
const points = (visit) => visit.part('adaptation-figure').first().locator('[data-testid="support-point"]');

async function place(point) {
  const { x, y, width, height } = await point.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

visit('the keyboard moves a support point, and the network adapts to it', {}, async (visit) => {
  await visit.ready();
  await visit.adapted();
  const point = points(visit).first();
  await point.focus();
  const before = { ...(await place(point)), figure: await visit.part('adaptation-figure').first().innerHTML() };
  for (let press = 0; press < 5; press += 1) await visit.page.keyboard.press('ArrowUp');
  await until('the point is higher', async () => (await place(points(visit).first())).y < before.y - 2);
  await until('the figure follows', async () => (await visit.part('adaptation-figure').first().innerHTML()) !== before.figure);
  assert.ok(Number.isFinite(await visit.number('query-loss')));
});

visit('a support point follows the mouse', {}, async (visit) => {
  await visit.ready();
  await visit.adapted();
  const { x, y } = await place(points(visit).first());
  await visit.page.mouse.move(x, y);
  await visit.page.mouse.down();
  await visit.page.mouse.move(x, y + 30, { steps: 5 });
  await visit.page.mouse.up();
  await until('the point is lower', async () => {
    const places = await Promise.all((await points(visit).all()).map(place));
    return places.some((now) => Math.abs(now.x - x) < 12 && Math.abs(now.y - y - 30) < 12);
  });
});

visit('a point can be added by a click and removed by Delete', {}, async (visit) => {
  await visit.ready();
  await visit.adapted();
  const count = await points(visit).count();
  const box = await visit.part('adaptation-figure').first().locator('svg').first().boundingBox();
  await visit.page.mouse.click(box.x + box.width * 0.52, box.y + box.height * 0.2);
  await until('one point more', async () => (await points(visit).count()) === count + 1);
  await points(visit).last().focus();
  await visit.page.keyboard.press('Delete');
  await until('as many as before', async () => (await points(visit).count()) === count);
});
