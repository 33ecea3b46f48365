import { type ReactNode, useEffect, useId } from 'react';

interface Props {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** Tables go to the edges. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export const Card = ({ title, note, actions, flush = false, children }: Props) => {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <p>{note}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
      <div className={flush ? 'card-flush' : 'card-body'}>{children}</div>
    </section>
  );
};

export const PageHead = ({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) => {
  useEffect(() => {
    document.title = `${title} · ATP Router`;
  }, [title]);
  return (
    <div className="page-head">
      <div className="stack">
        <h1>{title}</h1>
        {children !== undefined && <p>{children}</p>}
      </div>
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
};
