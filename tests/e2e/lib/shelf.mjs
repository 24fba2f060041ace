// What the page's database holds, and so what a reload finds.

/** All that a store (`runs`, `datasets`) holds: files of text as they are, anything else as an empty text. */
export const shelf = (visit, name) => visit.page.evaluate((name) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('kindling');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    const reading = database.transaction(name).objectStore(name).getAll();
    reading.onerror = () => reject(reading.error);
    reading.onsuccess = () => {
      database.close();
      resolve(reading.result.map((one) => (typeof one === 'string' ? one : '')));
    };
  };
}), name);
