/**
 * What this project takes of TypeBox, whose several hundred modules would be read one by one by every process: the
 * build puts them into this one file.
 */
export { Type, type Static, type TSchema, type TString } from 'typebox';
export { Compile } from 'typebox/compile';
export { Value } from 'typebox/value';
