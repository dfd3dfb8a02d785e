// Package server is HTTP: it takes deliveries, guards what is asked, and tells
// other machines how it is. It decides nothing about data: deliveries go to the
// inbox as they are, and what people see is in server/pages.
package server
