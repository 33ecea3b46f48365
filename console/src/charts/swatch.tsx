export const Swatch = ({ color }: { readonly color: string }) => (
  <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
    <rect width="10" height="10" rx="3" fill={color} />
  </svg>
);
