// `npm run check:browser [-- PICTURES]`: compares reading in the browser with reading by ONNX Runtime, on all 10,000
// test images of MNIST as frames and on what is shown to the other networks of as many pictures (1,000 by default) that
// are made of them. Agreement alone is looked at, so that nothing is chosen by those images.
const { register } = await import('tsx/esm/api');
register();
const { checkBrowser } = await import('../testing/check-browser.ts');
await checkBrowser(Number(process.argv[2] ?? 1000));
