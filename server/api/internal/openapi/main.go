// Command openapi writes the OpenAPI document from the routes and the declarations of the
// types.
package main

import (
	"fmt"
	"os"

	"garner/server/api"
)

//go:generate go run . ../../../../docs/openapi.json

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: openapi FILE")
		os.Exit(2)
	}
	text, err := api.Document()
	if err == nil {
		err = os.WriteFile(os.Args[1], append(text, '\n'), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
