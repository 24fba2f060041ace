// Drawing on the pad as a hand does.

/** Shapes in the unit square, x to the right and y down: a cross, a ring, a bar. */
export const CROSS = [[[0.25, 0.2], [0.75, 0.8]], [[0.75, 0.2], [0.25, 0.8]]];
export const RING = [[[0.5, 0.15], [0.8, 0.3], [0.85, 0.6], [0.5, 0.85], [0.18, 0.6], [0.2, 0.3], [0.5, 0.15]]];
export const BAR = [[[0.5, 0.12], [0.5, 0.88]]];

/** The same shape by a less steady hand. */
export const shaky = (strokes) => strokes.map((stroke) => stroke.map(([x, y], i) => [x * 0.85 + 0.08 + 0.01 * (i % 2), y * 0.9 + 0.03]));

/** Draws strokes on the pad, by mouse. */
export async function draw(visit, strokes) {
  const { x, y, width, height } = await visit.part('draw-pad').boundingBox();
  const at = ([across, down]) => [x + across * width, y + down * height];
  const { mouse } = visit.page;
  for (const [first, ...rest] of strokes) {
    await mouse.move(...at(first));
    await mouse.down();
    for (const place of rest) await mouse.move(...at(place), { steps: 6 });
    await mouse.up();
  }
}

/** Draws strokes on the pad, by finger. */
export async function touch(visit, strokes) {
  const pad = visit.part('draw-pad');
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  const session = await visit.context.newCDPSession(visit.page);
  const send = (type, places) => session.send('Input.dispatchTouchEvent', {
    type, touchPoints: places.map(([across, down]) => ({ x: x + across * width, y: y + down * height })),
  });
  for (const [first, ...rest] of strokes) {
    await send('touchStart', [first]);
    for (const place of rest) await send('touchMove', [place]);
    await send('touchEnd', []);
  }
  await session.detach();
}

/** Draws strokes on one of the classes. */
export async function drawClass(visit, index, strokes, hand = draw) {
  await visit.part('draw-class').nth(index).click();
  await hand(visit, strokes);
}
