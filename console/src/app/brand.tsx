export const Brand = () => (
  <div className="brand">
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M8 22c6 0 5-12 10-12h6M8 22h16"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="24" cy="10" r="2.6" fill="#fff" />
      <circle cx="24" cy="22" r="2.6" fill="#c7c4ff" />
      <circle cx="8" cy="22" r="2.6" fill="#fff" />
    </svg>
    ATP Router
  </div>
);
