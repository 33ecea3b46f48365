/** Where the canary's key is: an operator puts a tenant's key there, with the role `caller`. */
export const CANARY_SECRET = 'canary-key';
