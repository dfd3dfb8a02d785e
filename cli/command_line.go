package cli

import (
	"context"
	"fmt"

	"github.com/alecthomas/kong"

	"garner/config"
)

// commandLine is the definition of the command line. Each command is a
// struct in a file of its own, with its flags as fields and a method Run.
type commandLine struct {
	Config string `placeholder:"FILE" help:"Configuration file. Default: garner.toml, if it exists."`

	Serve       serveCommand       `cmd:"" help:"Run Garner. Creates data_dir on the first start."`
	Demo        demoCommand        `cmd:"" help:"Run Garner with a simulated Garmin. No keys needed."`
	Check       checkCommand       `cmd:"" help:"Check the configuration and the environment."`
	Person      personCommand      `cmd:"" help:"Add and list people."`
	Account     accountCommand     `cmd:"" help:"Add, list and change accounts."`
	SetupLink   setupLinkCommand   `cmd:"" help:"Print a link to create the first admin. It works once, for 30 minutes."`
	Token       tokenCommand       `cmd:"" help:"Make, list and remove tokens of the API."`
	Inbox       inboxCommand       `cmd:"" help:"Count deliveries by state."`
	Types       typesCommand       `cmd:"" help:"Print the data dictionary."`
	Replay      replayCommand      `cmd:"" help:"Process kept deliveries again."`
	Backfill    backfillCommand    `cmd:"" help:"Ask Garmin to send history of a person."`
	Pull        pullCommand        `cmd:"" help:"Ask Garmin's Personal API now."`
	Rederive    rederiveCommand    `cmd:"" help:"Rebuild all derived data."`
	Export      exportCommand      `cmd:"" help:"Write records as CSV or JSON Lines."`
	Backup      backupCommand      `cmd:"" help:"Make a backup, and verify it."`
	RecoveryKey recoveryKeyCommand `cmd:"" help:"Make the key that backups are encrypted to."`
	Restore     restoreCommand     `cmd:"" help:"Restore a backup into an empty data_dir."`
	URLs        urlsCommand        `cmd:"" name:"urls" help:"Print the callback URLs to paste into Garmin's portal."`
	Secret      secretCommand      `cmd:"" help:"List and rotate the secrets of the callback URLs."`
	Key         keyCommand         `cmd:"" help:"List and rotate the keys that encrypt secrets in garner.db."`
	Diagnostics diagnosticsCommand `cmd:"" help:"Write what helps to find a fault, without names, secrets and values."`
	Healthcheck healthcheckCommand `cmd:"" help:"Check whether the running Garner responds."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
	Help        helpCommand        `cmd:"" help:"Show help for a command, or list all commands."`
}

// optionalCommands are those of files that will be deleted one day. They add themselves,
// so that deleting them is all.
var optionalCommands []kong.Option

const description = `Garner gathers what Garmin pushes, keeps it and shows it.

Flags may stand anywhere. Exit status: 0 done, 1 failed with the reason on standard error, 2 wrong usage.`

// newParser makes the parser of the command line. It calls helped once it has
// printed the requested help. A command that needs the configuration gets the
// file of the flag, loaded after the whole command line has been
// validated.
func newParser(ctx context.Context, a *app, helped func()) *kong.Kong {
	line := &commandLine{}
	parser := kong.Must(line, append(optionalCommands,
		kong.Name("garner"), kong.Description(description), kong.Writers(a.out, a.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.Exit(func(int) { helped() }),
		kong.Bind(a), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindSingletonProvider(func() (config.Config, error) {
			cfg, err := config.Load(line.Config, a.env)
			if err != nil {
				return cfg, fmt.Errorf("configuration:\n%w", err)
			}
			return cfg, nil
		}))...)
	parser.Model.HelpFlag.Help = "Show help for the command."
	return parser
}
