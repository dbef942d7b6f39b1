"""HTTP: routes, problems, the OpenAPI document, pages. Handlers translate; the decisions are in the domains."""
