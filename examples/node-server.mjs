// A server of one's own that reads digits beside its other routes. The handler takes (req, res, next), so that it fits
// Express as well: app.use('/digits', handler), before body parsers such as express.json().
//   node examples/node-server.mjs [port]
//   curl -F image=@examples/digits/7.png http://127.0.0.1:3000/mnist/classify
import { createServer } from 'node:http';
import { createHandler } from 'inkdigit/handler';

const handler = await createHandler({ limits: { maxBatch: 8 } });
const server = createServer((request, response) => {
  handler(request, response, (error) => {
    response.writeHead(error ? 500 : 404).end(error ? 'the service failed\n' : 'another route of yours\n');
  });
});
server.listen(Number(process.argv[2] ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    handler.drain();
    server.close(() => void handler.close());
    server.closeIdleConnections();
  });
}
