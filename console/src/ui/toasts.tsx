/** What was done, said once and politely. */
import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';

const List = () => {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <Toast.Title render={<strong />} />
      <Toast.Description className="muted" />
    </Toast.Root>
  ));
};

export const Toasts = ({ children }: { readonly children: ReactNode }) => (
  <Toast.Provider timeout={6_000}>
    {children}
    <Toast.Portal>
      <Toast.Viewport className="toasts">
        <List />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
);

export const useToast = (): ((title: string, description?: string) => void) => {
  const { add } = Toast.useToastManager();
  return (title, description) => void add({ title, ...(description === undefined ? {} : { description }) });
};
