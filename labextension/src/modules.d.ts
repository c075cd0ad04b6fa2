declare module '*.svg' {
  const text: string;
  export default text;
}

declare module '*/package.json' {
  const metadata: { version: string };
  export default metadata;
}
