import type { AdmissionRequest } from '../../model/quota.ts';

/** Each key with limits of its own adds a condition to the swap, and DynamoDB takes 300 operators. */
const MAX_KEYS = 20;

/** Groups of requests, in their order, each of which one swap can decide. */
export const byKeys = (requests: readonly AdmissionRequest[]): AdmissionRequest[][] => {
  const groups: AdmissionRequest[][] = [];
  let group: AdmissionRequest[] = [];
  let keys = new Set<string>();
  for (const request of requests) {
    const { key } = request;
    if (key !== undefined && !keys.has(key.id) && keys.size === MAX_KEYS) {
      groups.push(group);
      group = [];
      keys = new Set();
    }
    if (key !== undefined) keys.add(key.id);
    group.push(request);
  }
  groups.push(group);
  return groups;
};
