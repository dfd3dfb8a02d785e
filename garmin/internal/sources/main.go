// Command sources writes docs/sources.md: how sources meet in one record, what each of
// them has, found out with simulated people, and what rests on facts that are not
// verified.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
)

//go:generate go run . ../../../docs/sources.md

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: sources FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file string) (err error) {
	push, key, err := look(context.Background())
	if err != nil {
		return err
	}
	text := page(push, key)
	if text == "" {
		return errors.New("nothing was found")
	}
	return os.WriteFile(file, []byte(text), 0o644)
}
