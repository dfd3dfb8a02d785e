package cli

import "github.com/alecthomas/kong"

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command, such as person add."`
}

// Run explains a command, or lists them all. It needs no configuration, which
// may be the problem.
func (c *helpCommand) Run(parser *kong.Kong) error {
	args := sortArguments(parser.Model.Node, c.Command)
	about, err := kong.Trace(parser, args.inOrder())
	if err == nil {
		err = about.Error
	}
	if err != nil {
		return args.wrong(err)
	}
	return about.PrintUsage(false)
}
