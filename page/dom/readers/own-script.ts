/** Programs beside the page that are no part of it. */
export type OwnScript = 'reader.js' | 'sw.js';

/** Where the policy has every address of a script made by a policy of the page: https://w3c.github.io/trusted-types */
interface AddressPolicy {
  createScriptURL(address: string): string;
}
declare const trustedTypes: { createPolicy(name: string, rules: AddressPolicy): AddressPolicy } | undefined;

let policy: AddressPolicy | undefined;

/** The address of a program, as `Worker` and the like take it. */
export function ownScript(name: OwnScript): string {
  const address = new URL(name, location.href).href;
  if (typeof trustedTypes === 'undefined') return address;
  policy ??= trustedTypes.createPolicy('inkdigit', { createScriptURL: (own) => own });
  return policy.createScriptURL(address);
}
