/** Bundlers hand over `.tblock` files as text. */
declare module '*.tblock' {
  const text: string;
  export default text;
}
