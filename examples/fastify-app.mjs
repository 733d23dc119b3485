// A Fastify app that reads digits under /digits, beside its other routes.
//   node examples/fastify-app.mjs [port]
//   curl -F image=@examples/digits/7.png http://127.0.0.1:3000/digits/mnist/classify
import fastify from 'fastify';
import { inkdigit } from 'inkdigit/fastify';

const app = fastify();
await app.register(inkdigit, { prefix: '/digits', limits: { maxBatch: 8 } });
app.get('/', async () => ({ routes: 'yours' }));
console.log(await app.listen({ port: Number(process.argv[2] ?? 3000), host: '127.0.0.1' }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void app.close());
