// A process that computes without pause until its parent lets go of it: other work of the same machine.
const TURN_MS = 5;
const compute = () => {
  const endMs = performance.now() + TURN_MS;
  while (performance.now() < endMs);
  setImmediate(compute);
};
process.on('disconnect', () => process.exit(0));
compute();
