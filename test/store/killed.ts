// A child process that accepts from several senders and reads until it is killed, telling its parent of each study after the commit.
import { systemClock } from '#kernel/clock.ts';
import { openStore } from '#store/store.ts';
import { readOne } from './read-one.ts';
import { sampleInstance } from './samples.ts';

// It does not outlive its parent.
process.on('disconnect', () => process.exit());

const store = await openStore({ dataDir: process.argv[2] ?? '', clock: systemClock });
const local = await store.facility('local');

async function send(): Promise<never> {
  for (;;) {
    const instance = sampleInstance();
    const content = await store.blobs.stage(Buffer.from(instance.sopInstanceUid));
    const blob = { sha256: content.sha256, bytes: content.bytes };
    await local.intake.accept({ ...instance, blob }, { actor: 'upload', content });
    process.send?.(instance.sopInstanceUid);
  }
}
async function read(): Promise<never> {
  for (;;) await readOne(store, local);
}

// Six at once share one flush of the log to the disk: what is told before it must not be lost.
await Promise.all([read(), ...Array.from({ length: 6 }, send)]);
