// React 16.8 has no `react/jsx-runtime`, so that JSX means this.
export * as React from "react";
