import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';

/** What is asked, and where. */
export interface HealthTarget {
  readonly url: URL;
  /** A Unix domain socket, in the place of the URL's host. */
  readonly socketPath: string | undefined;
}

/** What came of it, in one line. */
export interface Health {
  readonly isGood: boolean;
  readonly text: string;
}

/** Of an answer that is not ours no more is shown. */
const MAX_SHOWN_CHARACTERS = 200;
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Asks once. No certificate is checked, as nothing secret is said: a service asks itself by an address that its
 * certificate does not have.
 */
export function askHealth({ url, socketPath }: HealthTarget, timeoutMs: number): Promise<Health> {
  const where = socketPath ?? url.href;
  return new Promise((resolve) => {
    const end = (isGood: boolean, text: string): void => {
      clearTimeout(timer);
      request.destroy();
      resolve({ isGood, text });
    };
    const options = { agent: false, ...(socketPath !== undefined && { socketPath }) };
    const onAnswer = (response: IncomingMessage): void => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
        if (body.length > MAX_BODY_BYTES) response.destroy();
      });
      response.once('close', () => {
        const { statusCode = 0 } = response;
        if (statusCode === 200) end(true, `${statusOf(body) ?? 'answers'} (${where})`);
        else end(false, `${where} answers ${statusCode}: ${reasonOf(body)}`);
      });
    };
    const request =
      url.protocol === 'https:'
        ? getHttps(url, { ...options, rejectUnauthorized: false }, onAnswer)
        : getHttp(url, options, onAnswer);
    request.on('error', (error) => end(false, `cannot reach ${where}: ${error.message || String(error)}`));
    const timer = setTimeout(() => end(false, `${where} does not answer within ${timeoutMs} ms`), timeoutMs);
  });
}

function statusOf(body: string): string | undefined {
  const status = memberOf(body, 'status');
  return status === undefined ? undefined : `the service is ${status}`;
}

function reasonOf(body: string): string {
  return (memberOf(body, 'message') ?? body).slice(0, MAX_SHOWN_CHARACTERS).replaceAll(/\s+/g, ' ');
}

function memberOf(body: string, name: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const value: unknown =
      typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
