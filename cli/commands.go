package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"garner/config"
)

// app is what every command gets.
type app struct {
	in       io.Reader
	out, err io.Writer
	env      []string
	// log is what loggers write through; nil where nothing was to be logged.
	log *logWriter
}

// command is one entry of the command line. run gets its flags parsed and what
// follows them.
type command struct {
	name, usage, does string
	// flags declares the command's own flags and gives what to run after them.
	flags func(*flag.FlagSet) func(context.Context, *app, config.Config, []string) error
}

func commands() []command {
	return []command{
		{"serve", "", "run the appliance; creates data_dir on first start", serveCommand},
		{"demo", "[--listen ADDR] [--data DIR] [--people 3] [--days 730] [--seed 1]", "the appliance with a simulated Garmin beside it, no keys needed", demoCommand},
		{"check", "[--deep]", "look at the configuration and its surroundings; --deep reads everything stored and lists what is damaged", checkCommand},
		{"person add", "--name NAME [--garmin-user-id ID] [--garmin-access-token-stdin]", "add a person", personAddCommand},
		{"person list", "[--json]", "list the people", personListCommand},
		{"inbox", "[--json]", "count deliveries by state", inboxCommand},
		{"types", "[--json]", "the data dictionary", typesCommand},
		{"replay", "(--parked | --delivery ID … | --from TIME --to TIME)", "process kept deliveries again", replayCommand},
		{"rederive", "", "rebuild all that is derived", rederiveCommand},
		{"export", "--person NAME|all --type TYPE|all [--table T | --series S] [--from DATE] [--to DATE] [--format csv|json] [-o FILE|DIR]", "write records as CSV or JSON Lines", exportCommand},
		{"urls", "", "the callback URLs to paste into Garmin's portal", urlsCommand},
		{"healthcheck", "", "ask the running appliance whether it is alive", healthcheckCommand},
		{"version", "", "print the version", versionCommand},
		{"help", "", "print this", nil},
	}
}

func (a *app) run(ctx context.Context, args []string) error {
	if len(args) > 1 && args[0] == "help" {
		return a.run(ctx, append(args[1:], "--help"))
	}
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		a.help()
		if len(args) == 0 {
			return usagef("name a command")
		}
		return nil
	}
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == c.name {
			return a.runCommand(ctx, c, args[len(words):])
		}
	}
	return usagef("no command %q", args[0])
}

func (a *app) runCommand(ctx context.Context, c command, args []string) error {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	file := fs.String("config", "", "")
	run := c.flags(fs)
	rest, err := parseAnywhere(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(a.out, "garner %s %s [--config FILE]\n  %s\n", c.name, c.usage, c.does)
		return nil
	}
	if err != nil {
		return usagef("%s: %v", c.name, err)
	}
	cfg, err := config.Load(*file, a.env)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	return run(ctx, a, cfg, rest)
}

// parseAnywhere lets flags stand before and after other arguments.
func parseAnywhere(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

func (a *app) help() {
	fmt.Fprintln(a.out, "Garner gathers what Garmin pushes, keeps it and shows it.\n\nCommands (each also takes --config FILE; the default is garner.toml where it is there):")
	for _, c := range commands() {
		fmt.Fprintf(a.out, "\n  garner %s\n      %s\n", strings.TrimSpace(c.name+" "+c.usage), c.does)
	}
	fmt.Fprintln(a.out, "\nExit status: 0 done, 1 failed with the reason on standard error, 2 wrong usage.")
}

// noArgs refuses what a command has no use for.
func noArgs(args []string) error {
	if len(args) > 0 {
		return usagef("what is %q?", args[0])
	}
	return nil
}

// logger writes to standard error at the configured level, without waiting for
// who reads it.
func (a *app) logger(cfg config.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		level = slog.LevelInfo // config.Load has refused other words
	}
	if a.log == nil {
		a.log = &logWriter{to: a.err}
	}
	return slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: level}))
}

// ago words a length of time for people.
func ago(d time.Duration) string { return d.Round(time.Second).String() }
