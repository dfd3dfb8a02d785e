// Command dictionary writes the data dictionary from the declarations of the
// types.
package main

import (
	"fmt"
	"os"

	"garner/garmin"
)

//go:generate go run . ../../../docs/data-dictionary.md

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: dictionary FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], []byte(garmin.DictionaryMarkdown()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
