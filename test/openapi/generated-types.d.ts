// Written by npm run check:openapi, of a document with the shape 47f30996fad44c12c4616331ef419a79c7042b66e7a198c2c645682fe9dcf449.

export interface paths {
  '/mnist/classify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['classify'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/mnist/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['readNumbers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/livez': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['live'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ready'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/model': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['modelCard'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['service'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['openApiDocument'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['docsPage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    ClassifyRequest: {
      requests: {
        image: string;
      }[];
    };
    ClassifyResponse: {
      responses: components['schemas']['ClassifyAnswer'][];
    };
    ClassifyAnswer: {
      class: number;
      probability: number;
      probabilities?: number[];
      digit?: boolean;
      threshold?: number;
      frame?: string;
      box?: number[];
    };
    PartialResponse: {
      responses: (components['schemas']['ClassifyAnswer'] | components['schemas']['FailedImage'])[];
    };
    FailedImage: {
      error: {
        code: string;
        message: string;
      };
    };
    ReadResponse: {
      responses: components['schemas']['NumberAnswer'][];
    };
    NumberAnswer: {
      text: string;
      probability: number;
      accepted: boolean;
      digits: components['schemas']['NumberDigitAnswer'][];
      lines: {
        text: string;
        probability: number;
        box: number[];
        digits: number[];
      }[];
      unread: {
        box: number[];
        probability: number;
      }[];
      raw?: string;
      alternatives?: {
        text: string;
        probability: number;
      }[];
    };
    NumberDigitAnswer: {
      class: number;
      probability: number;
      box: number[];
      probabilities?: number[];
    };
    ErrorResponse: {
      message: string;
      code: string;
      errors: {
        index: number;
        message: string;
      }[];
    };
    HealthResponse: {
      status: string;
    };
    ServiceResponse: {
      name: string;
      version: string;
      routes: string[];
    };
    ModelCard: {
      name: string;
      network: {
        name: string;
        layers: string[];
        parameters: number;
        multiplyAdds: number;
      };
      input: {
        name: string;
        shape: (number | string)[];
      };
      output: {
        name: string;
        shape: (number | string)[];
      };
      digitThreshold?: number;
      recipe: {
        [key: string]: string | number | boolean;
      };
      seed: number;
      epochs: number;
      bestEpoch: number;
      data: {
        [key: string]: string;
      };
      datasets?: {
        name: string;
        title: string;
        page: string;
        licence: string;
      }[];
      validation: {
        accuracy: number;
        correct: number;
        count: number;
        calibrationError?: number;
        negativeLogLikelihood?: number;
      };
      validationSets?: {
        [key: string]: {
          accuracy: number;
          correct: number;
          count: number;
          calibrationError?: number;
          negativeLogLikelihood?: number;
        };
      };
      test: {
        accuracy: number;
        correct: number;
        count: number;
        calibrationError?: number;
        negativeLogLikelihood?: number;
      } | null;
      robustness?: {
        meanError: number;
        errors: {
          [key: string]: number;
        };
      } | null;
      outliers?: {
        source: string;
        threshold: number;
        count: number;
        auroc: number;
        aupr: number;
        falsePositiveRate: number;
        passing: number;
        digitsPassing: number;
        kinds: {
          [key: string]: {
            count: number;
            auroc: number;
            aupr: number;
            falsePositiveRate: number;
            passing: number;
          };
        };
      };
      seeds?: {
        trainings: {
          seed: number;
          sha256: string;
          validation: {
            accuracy: number;
            correct: number;
            count: number;
            calibrationError?: number;
            negativeLogLikelihood?: number;
          };
          test: {
            accuracy: number;
            correct: number;
            count: number;
            calibrationError?: number;
            negativeLogLikelihood?: number;
          };
        }[];
        meanAccuracy: number;
        deviation: number;
      };
      candidates?: {
        network: string;
        multiplyAdds: number;
        seed: number;
        sha256: string;
        validation: {
          accuracy: number;
          correct: number;
          count: number;
          calibrationError?: number;
          negativeLogLikelihood?: number;
        };
        test: {
          accuracy: number;
          correct: number;
          count: number;
          calibrationError?: number;
          negativeLogLikelihood?: number;
        };
      }[];
      training: {
        seconds: number;
        imagesPerSecond: number;
        threads: number;
        temperature: number;
        finished: string;
      };
      guard?: {
        from: string;
        sha256: string;
        recipe: {
          [key: string]: string | number | boolean;
        };
        seed: number;
        epochs: number;
        bestEpoch: number;
        outliersPassing: number;
        seconds: number;
        imagesPerSecond: number;
        threads: number;
        finished: string;
      };
      average?: {
        of: {
          file: string;
          sha256: string;
        }[];
        temperature: number;
        finished: string;
      };
      quantization?: {
        bits: number;
        from: string;
        sha256: string;
        calibrationImages: number;
        agreement: number;
        boxShift?: number;
        finished: string;
      };
      cascade?: {
        first: {
          file: string;
          sha256: string;
          network: {
            name: string;
            layers: string[];
            parameters: number;
            multiplyAdds: number;
          };
          recipe: {
            [key: string]: string | number | boolean;
          };
          seed: number;
        };
        confidence: number;
        answeredFirst: number;
      };
      versions: {
        [key: string]: string;
      };
      file: {
        bytes: number;
        sha256: string;
      };
    };
  };
  responses: {
    BrokenRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorResponse'] & {
          code?: 'invalid_request';
        };
      };
    };
    RequestTimeout: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorResponse'] & {
          code?: 'request_timeout';
        };
      };
    };
    BodyTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorResponse'] & {
          code?: 'body_too_large';
        };
      };
    };
    UnsupportedBody: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorResponse'] & {
          code?: 'unsupported_media_type';
        };
      };
    };
    HeadersTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorResponse'] & {
          code?: 'headers_too_large';
        };
      };
    };
    InternalError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorResponse'] & {
          code?: 'internal';
        };
      };
    };
    Overloaded: {
      headers: {
        'Retry-After': components['headers']['RetryAfter'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorResponse'] & {
          code?: 'overloaded';
        };
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: {
    RetryAfter: number;
    WwwAuthenticate: string;
    ETag: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  classify: {
    parameters: {
      query?: {
        detail?: 'full';
        normalize?: 'auto' | 'always' | 'never';
        partial?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ClassifyRequest'];
        'multipart/form-data': {
          image: string[];
        };
        'image/*': string;
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json':
            components['schemas']['ClassifyResponse'] | components['schemas']['PartialResponse'];
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?:
              | 'malformed_json'
              | 'invalid_request'
              | 'invalid_base64'
              | 'not_an_image'
              | 'truncated_image'
              | 'corrupt_image';
          };
        };
      };
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'too_many_images' | 'body_too_large' | 'too_many_pixels';
          };
        };
      };
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'deadline_exceeded';
          };
        };
      };
    };
  };
  readNumbers: {
    parameters: {
      query?: {
        detail?: 'full';
        length?: string;
        minLength?: string;
        maxLength?: string;
        pattern?: string;
        max?: string;
        lines?: string;
        cells?: string;
        grid?: string;
        reject?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ClassifyRequest'];
        'multipart/form-data': {
          image: string[];
        };
        'image/*': string;
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadResponse'];
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?:
              | 'malformed_json'
              | 'invalid_request'
              | 'invalid_base64'
              | 'not_an_image'
              | 'truncated_image'
              | 'corrupt_image';
          };
        };
      };
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'too_many_images' | 'body_too_large' | 'too_many_pixels';
          };
        };
      };
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'deadline_exceeded';
          };
        };
      };
    };
  };
  live: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthResponse'];
        };
      };
      400: components['responses']['BrokenRequest'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
    };
  };
  ready: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthResponse'];
        };
      };
      400: components['responses']['BrokenRequest'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'not_ready' | 'overloaded';
          };
        };
      };
    };
  };
  modelCard: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelCard'];
        };
      };
      400: components['responses']['BrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
    };
  };
  service: {
    parameters: {
      query?: never;
      header?: {
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ServiceResponse'];
          'text/html': string;
        };
      };
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['BrokenRequest'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
    };
  };
  openApiDocument: {
    parameters: {
      query?: never;
      header?: {
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['BrokenRequest'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
    };
  };
  docsPage: {
    parameters: {
      query?: never;
      header?: {
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['BrokenRequest'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['UnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
    };
  };
}
