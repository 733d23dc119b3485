/** What is sent. */
export interface TransportRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TransportSettings {
  readonly fetch: typeof fetch;
  /** The server, for the words of an error. */
  readonly server: string;
  /** Sent with every request to the server's own origin. */
  readonly headers: Readonly<Record<string, string>>;
  /** For one attempt, from its start to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The JSON of the text; `undefined` where it is none. */
  readonly body: unknown;
  readonly retryAfter: string | null;
}

/** What an inkdigit server says of a request that it refuses; a proxy before it answers in another form. */
export interface Refusal {
  readonly message: string;
  readonly code: string;
  readonly errors?: unknown;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isRefusal(body: unknown): body is Refusal {
  return isObject(body) && typeof body['message'] === 'string' && typeof body['code'] === 'string';
}
