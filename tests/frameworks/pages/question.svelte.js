/** Props that change. */
export function question(initial) {
  const props = $state(initial);
  return props;
}
