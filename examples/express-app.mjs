// An Express app that reads digits under /digits, beside its other routes. Body parsers come after it.
//   npm install express
//   node examples/express-app.mjs [port]
//   curl -F image=@examples/digits/7.png http://127.0.0.1:3000/digits/mnist/classify
import express from 'express';
import { createHandler } from 'inkdigit/handler';

const handler = await createHandler({ limits: { maxBatch: 8 } });
const app = express();
app.use('/digits', handler);
app.use(express.json());
app.post('/echo', (request, response) => response.json(request.body));
const server = app.listen(Number(process.argv[2] ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    handler.drain();
    server.close(() => void handler.close());
    server.closeIdleConnections();
  });
}
