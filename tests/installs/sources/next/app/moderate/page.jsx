export default function Page() {
  return <h1>Moderation</h1>;
}
