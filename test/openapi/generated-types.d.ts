// Written by npm run check:openapi, of a document with the shape 3d3dbbbb135e30b8ceb100adfff474c1f36181bf82a6032fec6d2e14759292f5.

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
  '/mnist/corrections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['correct'];
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
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['healthy'];
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
  '/version': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['version'];
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
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['metrics'];
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
  '/v2': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2Server'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2Live'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2Ready'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2Models'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2Stats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2Model'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2ModelReady'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/config': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2ModelConfig'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2ModelStats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/infer': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['v2Infer'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/versions/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2Version'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/versions/{version}/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2VersionReady'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/versions/{version}/config': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2VersionConfig'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/versions/{version}/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v2VersionStats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/models/{model}/versions/{version}/infer': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['v2VersionInfer'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/repository/index': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['v2Index'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/repository/models/{model}/load': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['v2Load'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/repository/models/{model}/unload': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['v2Unload'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v1Models'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/models/{model}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['v1Model'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/models/{model}:predict': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['v1Predict'];
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
      truncated?: boolean;
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
    CorrectionRequest: {
      image: string;
      label: '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'none';
    };
    CorrectionResponse: {
      label: '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'none';
      added: 'new' | 'relabelled' | 'known';
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
    VersionResponse: {
      version: string;
      model: {
        name: string;
        version: number;
        sha256: string;
        modelSha256: string;
      };
      previous: number | null;
      shadow?: {
        serving: number;
        candidate: number;
        share: number;
        compared: number;
        agreed: number;
        probabilityDifference: number;
        disagreements: {
          [key: string]: number;
        };
        dropped: number;
      };
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
    InferRequestBody: {
      id?: string;
      parameters?: {
        [key: string]: string | number | boolean;
      };
      inputs: {
        name: string;
        shape: number[];
        datatype: string;
        parameters?: {
          [key: string]: string | number | boolean;
        };
        data?: unknown[];
      }[];
      outputs?: {
        name: string;
        parameters?: {
          [key: string]: string | number | boolean;
        };
      }[];
    };
    InferResponseBody: {
      model_name: string;
      model_version: string;
      id: string;
      outputs: {
        name: string;
        datatype: string;
        shape: number[];
        parameters?: {
          [key: string]: string | number | boolean;
        };
        data?: (number | boolean | string)[];
      }[];
    };
    ServerMetadataResponse: {
      name: string;
      version: string;
      extensions: string[];
    };
    ServerLiveResponse: {
      live: boolean;
    };
    ServerReadyResponse: {
      live: boolean;
      ready: boolean;
    };
    ModelListResponse: {
      models: string[];
    };
    ModelMetadataResponse: {
      name: string;
      versions: string[];
      platform: string;
      inputs: {
        name: string;
        datatype: string;
        shape: number[];
      }[];
      outputs: {
        name: string;
        datatype: string;
        shape: number[];
      }[];
    };
    ModelReadyResponse: {
      name: string;
      ready: boolean;
    };
    ModelConfigResponse: {
      name: string;
      platform: string;
      backend: string;
      max_batch_size: number;
      input: {
        name: string;
        data_type: string;
        dims: number[];
      }[];
      output: {
        name: string;
        data_type: string;
        dims: number[];
      }[];
    };
    ModelStatisticsResponse: {
      model_stats: {
        name: string;
        version: string;
        last_inference: number;
        inference_count: number;
        execution_count: number;
        inference_stats: {
          success: {
            count: number;
            ns: number;
          };
          fail: {
            count: number;
            ns: number;
          };
        };
      }[];
    };
    RepositoryIndexResponse: {
      name: string;
      version: string;
      state: 'READY' | 'UNAVAILABLE';
      reason: string;
    }[];
    PredictRequestBody: {
      instances: unknown[];
    };
    PredictResponse: {
      predictions: unknown[];
    };
    InferErrorResponse: {
      error: string;
      code: string;
      errors: {
        index: number;
        message: string;
      }[];
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
    InferBrokenRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['InferErrorResponse'] & {
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
    InferBodyTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['InferErrorResponse'] & {
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
    InferUnsupportedBody: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['InferErrorResponse'] & {
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
    InferInternalError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['InferErrorResponse'] & {
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
    InferOverloaded: {
      headers: {
        'Retry-After': components['headers']['RetryAfter'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['InferErrorResponse'] & {
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
    ModelVersion: number;
    RateLimitPolicy: string;
    RateLimit: string;
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
          'X-Inkdigit-Model': components['headers']['ModelVersion'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
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
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'rate_limited';
          };
        };
      };
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
          'X-Inkdigit-Model': components['headers']['ModelVersion'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
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
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'rate_limited';
          };
        };
      };
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
  correct: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CorrectionRequest'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CorrectionResponse'];
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
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'route_not_found';
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
            code?: 'body_too_large';
          };
        };
      };
      415: components['responses']['UnsupportedBody'];
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'rate_limited';
          };
        };
      };
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Overloaded'];
      507: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'collection_full';
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
  healthy: {
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
  version: {
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
          'application/json': components['schemas']['VersionResponse'];
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
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'route_not_found';
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
  metrics: {
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
          'text/plain': string;
          'application/openmetrics-text': string;
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
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'] & {
            code?: 'route_not_found';
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
  v2Server: {
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
          'application/json': components['schemas']['ServerMetadataResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2Live: {
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
          'application/json': components['schemas']['ServerLiveResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2Ready: {
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
          'application/json': components['schemas']['ServerReadyResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'not_ready' | 'overloaded';
          };
        };
      };
    };
  };
  v2Models: {
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
          'application/json': components['schemas']['ModelListResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2Stats: {
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
          'application/json': components['schemas']['ModelStatisticsResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2Model: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelMetadataResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2ModelReady: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelReadyResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'not_ready' | 'overloaded';
          };
        };
      };
    };
  };
  v2ModelConfig: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelConfigResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2ModelStats: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelStatisticsResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2Infer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['InferRequestBody'];
        'application/octet-stream': string;
      };
    };
    responses: {
      200: {
        headers: {
          'X-Inkdigit-Model': components['headers']['ModelVersion'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferResponseBody'];
          'application/octet-stream': string;
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
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
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'too_many_images' | 'too_many_pixels' | 'body_too_large';
          };
        };
      };
      415: components['responses']['InferUnsupportedBody'];
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'rate_limited';
          };
        };
      };
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'deadline_exceeded';
          };
        };
      };
    };
  };
  v2Version: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelMetadataResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2VersionReady: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelReadyResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'not_ready' | 'overloaded';
          };
        };
      };
    };
  };
  v2VersionConfig: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelConfigResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2VersionStats: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelStatisticsResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2VersionInfer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
        version: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['InferRequestBody'];
        'application/octet-stream': string;
      };
    };
    responses: {
      200: {
        headers: {
          'X-Inkdigit-Model': components['headers']['ModelVersion'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferResponseBody'];
          'application/octet-stream': string;
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
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
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'too_many_images' | 'too_many_pixels' | 'body_too_large';
          };
        };
      };
      415: components['responses']['InferUnsupportedBody'];
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'rate_limited';
          };
        };
      };
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'deadline_exceeded';
          };
        };
      };
    };
  };
  v2Index: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          ready?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RepositoryIndexResponse'];
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'malformed_json' | 'invalid_request';
          };
        };
      };
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v2Load: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'invalid_request';
          };
        };
      };
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      501: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unsupported';
          };
        };
      };
      503: components['responses']['InferOverloaded'];
    };
  };
  v2Unload: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      501: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unsupported';
          };
        };
      };
      503: components['responses']['InferOverloaded'];
    };
  };
  v1Models: {
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
          'application/json': components['schemas']['ModelListResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v1Model: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelReadyResponse'];
        };
      };
      400: components['responses']['InferBrokenRequest'];
      401: {
        headers: {
          'WWW-Authenticate': components['headers']['WwwAuthenticate'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['InferBodyTooLarge'];
      415: components['responses']['InferUnsupportedBody'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
    };
  };
  v1Predict: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PredictRequestBody'];
      };
    };
    responses: {
      200: {
        headers: {
          'X-Inkdigit-Model': components['headers']['ModelVersion'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PredictResponse'];
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
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
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'unauthorized';
          };
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'model_not_found';
          };
        };
      };
      408: components['responses']['RequestTimeout'];
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'too_many_images' | 'too_many_pixels' | 'body_too_large';
          };
        };
      };
      415: components['responses']['InferUnsupportedBody'];
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'rate_limited';
          };
        };
      };
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InferInternalError'];
      503: components['responses']['InferOverloaded'];
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InferErrorResponse'] & {
            code?: 'deadline_exceeded';
          };
        };
      };
    };
  };
}
