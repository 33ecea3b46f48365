/** What a key may do, so that a page offers only that. The router decides in any case. */
export interface Holder {
  readonly roles: readonly string[];
  readonly scopes?: readonly string[];
}

const AS_CALLER = new Set(['ask', 'plan', 'observe', 'embed', 'mcp']);

export const may = ({ roles, scopes }: Holder, scope: string): boolean => {
  if (scopes !== undefined && !scopes.includes(scope)) return false;
  if (roles.includes('operator')) return true;
  return roles.includes('auditor') && scope.endsWith(':read') && !AS_CALLER.has(scope);
};

/** The console is for who looks after the stage: a tenant's own key opens nothing here. */
export const opensConsole = ({ roles }: Holder): boolean =>
  roles.includes('operator') || roles.includes('auditor');
