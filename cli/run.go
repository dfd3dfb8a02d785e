// Package cli is the command line: one file for each command, and the wiring of
// the program.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"garner/config"
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

// app is what every command gets.
type app struct {
	in       io.Reader
	out, err io.Writer
	env      []string
	// log is the writer of loggers; nil if nothing was logged.
	log *logWriter
}

// Run runs one command and returns the exit status.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{in: stdin, out: stdout, err: stderr, env: os.Environ()}
	return a.status(ctx, args)
}

func (a *app) status(ctx context.Context, args []string) int {
	command, err := a.run(ctx, args)
	switch {
	case err == nil:
		a.lastWords("")
		return statusDone
	case errors.Is(err, errUsage):
		about := strings.TrimSpace("garner help " + strings.TrimPrefix(command, "help"))
		a.lastWords(fmt.Sprintf("garner: %v\nTry: %s\n", err, about))
		return statusUsage
	}
	a.lastWords(fmt.Sprintf("garner: %v\n", err))
	return statusFailed
}

// run runs one command, and returns its name.
func (a *app) run(ctx context.Context, args []string) (command string, err error) {
	helped := false
	parser := newParser(ctx, a, func() { helped = true })
	if len(args) == 0 {
		return "", errors.Join((&helpCommand{}).Run(parser), usagef("name a command"))
	}
	sorted := sortArguments(parser.Model.Node, args)
	command = strings.Join(sorted.command, " ")
	if sorted.err != nil {
		return command, sorted.wrong(sorted.err)
	}
	line, err := parser.Parse(sorted.inOrder())
	if helped {
		return command, nil
	}
	if err != nil {
		return command, sorted.wrong(err)
	}
	return command, line.Run()
}

// lastWords writes a final text to standard error, after all that was logged. If
// there is a log it is written the same way: a failed process must end without
// waiting for a reader, or it would not be restarted.
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

// logger writes to standard error at the configured level, without waiting for
// the reader.
func (a *app) logger(cfg config.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		level = slog.LevelInfo // config.Load has refused other values
	}
	if a.log == nil {
		a.log = &logWriter{to: a.err}
	}
	return slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: level}))
}
