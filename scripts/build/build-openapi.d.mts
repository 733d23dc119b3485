import type { DocumentParts } from '../../src/openapi/open-api-document.js';

export const DOCUMENT_FILES: readonly string[];
export function documentParts(): DocumentParts;
