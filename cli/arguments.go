package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// arguments are what follows the program's name, sorted.
type arguments struct {
	node    *kong.Node // of the command
	command []string
	flags   []string
	rest    []string
	err     error
}

// sortArguments separates the command, its flags and the rest, so that flags may
// be anywhere. It also writes -flag as --flag.
func sortArguments(root *kong.Node, args []string) arguments {
	known := flagsOf(root)
	a := arguments{node: root}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			a.rest = append(a.rest, args...)
			break
		}
		if !isFlag(arg) {
			a.addWord(arg)
			continue
		}
		flag, takesValue := known.spell(arg)
		a.flags = append(a.flags, flag)
		switch {
		case !takesValue:
		case len(args) == 0:
			a.err = fmt.Errorf("flag needs an argument: %s", flag)
		default:
			a.flags, args = append(a.flags, args[0]), args[1:]
		}
	}
	return a
}

func (a *arguments) addWord(word string) {
	child := childOf(a.node, word)
	if child == nil || len(a.rest) > 0 {
		a.rest = append(a.rest, word)
		return
	}
	a.node, a.command = child, append(a.command, word)
}

// inOrder returns the arguments in the order that the parser expects.
func (a *arguments) inOrder() []string {
	if len(a.rest) == 0 {
		return slices.Concat(a.command, a.flags)
	}
	return slices.Concat(a.command, a.flags, []string{"--"}, a.rest)
}

// wrong formats an error of the parser; if there is no such command, it begins
// with that.
func (a *arguments) wrong(err error) error {
	words := a.command
	if len(a.rest) > 0 {
		words = append(slices.Clone(words), a.rest[0])
	}
	if a.node.Leaf() || len(words) == 0 {
		return usagef("%w", err)
	}
	return usagef("no command %q: %w", strings.Join(words, " "), err)
}

func isFlag(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

func childOf(node *kong.Node, name string) *kong.Node {
	i := slices.IndexFunc(node.Children, func(c *kong.Node) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return node.Children[i]
}

// flagNames are the flags of all commands by their names, long and short. A
// name takes a value in every command that has it, or in none.
type flagNames map[string]*kong.Flag

func flagsOf(node *kong.Node) flagNames {
	names := flagNames{}
	for _, flag := range node.Flags {
		names[flag.Name] = flag
		if flag.Short != 0 {
			names[string(flag.Short)] = flag
		}
	}
	for _, child := range node.Children {
		for name, flag := range flagsOf(child) {
			names[name] = flag
		}
	}
	return names
}

// spell writes a flag as the parser expects it and reports whether its value is the
// next argument.
func (names flagNames) spell(arg string) (spelt string, takesValue bool) {
	name, value, joined := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if flag, ok := names[name]; ok {
		if joined {
			return "--" + flag.Name + "=" + value, false
		}
		return "--" + flag.Name, !flag.IsBool()
	}
	first, _ := utf8.DecodeRuneInString(name)
	if _, short := names[string(first)]; short || strings.HasPrefix(arg, "--") || len(name) == 1 {
		return arg, false // such as -oFILE
	}
	return "-" + arg, false // so that it is refused by its full name
}
