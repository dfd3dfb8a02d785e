// Package api answers /api/v1: read-only JSON for programs, for the bearer of a token.
// What it reads it asks of query, for the viewer that the token stands for.
package api
