// Package cli is the command line: one file for each command, and the wiring of
// what runs.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Exit statuses.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)

// errUsage marks errors of how a command was called.
var errUsage = errors.New("wrong usage")

func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %w", errUsage, fmt.Errorf(format, args...))
}

// Run carries out one command and gives the exit status.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{in: stdin, out: stdout, err: stderr, env: os.Environ()}
	return a.status(ctx, args)
}

func (a *app) status(ctx context.Context, args []string) int {
	err := a.run(ctx, args)
	switch {
	case err == nil:
		a.lastWords("")
		return statusDone
	case errors.Is(err, errUsage):
		a.lastWords(fmt.Sprintf("garner: %v\nTry: garner help\n", err))
		return statusUsage
	}
	a.lastWords(fmt.Sprintf("garner: %v\n", err))
	return statusFailed
}

// lastWords ends standard error with a text, after all that was logged. Where
// there is a log they go the same way: an appliance that failed must end, and
// not wait for a reader, or nothing would start it again.
func (a *app) lastWords(text string) {
	if a.log == nil {
		fmt.Fprint(a.err, text)
		return
	}
	a.log.Flush()
	if text != "" {
		fmt.Fprint(a.log, text)
		a.log.Flush()
	}
}
