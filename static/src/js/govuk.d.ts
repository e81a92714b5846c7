/** GOV.UK Frontend ships no types: the little of it that we use. */
declare module "govuk-frontend/dist/govuk/components/*" {
  type Component = new (root: Element, config?: Record<string, unknown>) => unknown;
  export const Button: Component;
  export const ErrorSummary: Component;
}
