// Package server is HTTP: it receives deliveries, guards all requests, and serves
// health checks and metrics. It decides nothing about data: deliveries go to the
// inbox as they are, and pages are in server/pages.
package server
