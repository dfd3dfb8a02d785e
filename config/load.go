package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// DefaultFile is read where no --config is given and it is there.
const DefaultFile = "garner.toml"

// Load reads the configuration: the defaults, over them the file at path
// (the default file, if it is there, where path is empty), over them the
// environment. The error names every fault at once, with the line where one is
// known.
func Load(path string, env []string) (Config, error) {
	cfg := Default()
	text, err := readConfigFile(&path)
	if err != nil {
		return cfg, err
	}
	l := &loading{file: path, lines: map[string]int{}, variables: map[string]string{}}
	l.findLines(text)
	l.decode(text, &cfg)
	l.environment(env, &cfg)
	l.validate(&cfg)
	return cfg, l.err()
}

func readConfigFile(path *string) ([]byte, error) {
	named := *path != ""
	if !named {
		*path = DefaultFile
	}
	text, err := os.ReadFile(*path)
	switch {
	case err == nil:
		return text, nil
	case !named && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	}
	return nil, fmt.Errorf("read configuration: %w", err)
}

// loading gathers faults, and where each value comes from.
type loading struct {
	file      string
	lines     map[string]int    // by dotted key
	variables map[string]string // by dotted key, where the environment has set it
	bad       map[string]bool   // keys whose value could not be taken, which is said once
	faults    []fault
}

// fault is one thing that is wrong. line is 0 where none is known.
type fault struct {
	line int
	text string
}

// fault adds one, at the place that key's value comes from.
func (l *loading) fault(key, format string, args ...any) {
	if l.bad[key] {
		return
	}
	text := fmt.Sprintf(format, args...)
	line := l.lines[key]
	switch {
	case l.variables[key] != "":
		l.faults = append(l.faults, fault{0, l.variables[key] + ": " + text})
	case line > 0:
		l.faults = append(l.faults, fault{line, fmt.Sprintf("%s:%d: %s: %s", l.file, line, key, text)})
	default:
		l.faults = append(l.faults, fault{0, key + ": " + text})
	}
}

// err is all faults: those of the file in its order, then the others.
func (l *loading) err() error {
	slices.SortFunc(l.faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(uint(a.line-1), uint(b.line-1)), strings.Compare(a.text, b.text))
	})
	var errs []error
	for _, f := range slices.Compact(l.faults) {
		errs = append(errs, errors.New(f.text))
	}
	return errors.Join(errs...)
}

// findLines notes where each key stands, for messages.
func (l *loading) findLines(text []byte) {
	var p unstable.Parser
	p.Reset(text)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		var parts []string
		line := 0
		for it := e.Key(); it.Next(); {
			parts = append(parts, string(it.Node().Data))
			line = p.Shape(it.Node().Raw).Start.Line
		}
		key := strings.Join(parts, ".")
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = key + "."
			l.lines[key] = line
		case unstable.KeyValue:
			l.lines[table+key] = line
		}
	}
}

// decode reads the file: first as TOML, then each key as a setting, so that
// one wrong value does not hide the others.
func (l *loading) decode(text []byte, cfg *Config) {
	var raw map[string]any
	err := toml.Unmarshal(text, &raw)
	var wrong *toml.DecodeError
	switch {
	case err == nil:
		l.take("", raw, keysOf(cfg))
	case errors.As(err, &wrong):
		line, _ := wrong.Position()
		l.faults = append(l.faults, fault{line, fmt.Sprintf("%s:%d: %s", l.file, line, strings.TrimPrefix(wrong.Error(), "toml: "))})
	default:
		l.faults = append(l.faults, fault{0, l.file + ": " + err.Error()})
	}
}

// take sets what a table of the file holds.
func (l *loading) take(prefix string, table map[string]any, known keys) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		key := prefix + name
		if _, ok := l.lines[key]; !ok { // inside an inline table
			l.lines[key] = l.lines[strings.TrimSuffix(prefix, ".")]
		}
		inner, isTable := table[name].(map[string]any)
		base, isFile := strings.CutSuffix(key, "_file")
		switch {
		case known.sections[key] && isTable:
			l.take(key+".", inner, known)
		case known.sections[key]:
			l.fault(key, "is a section: write [%s] on a line of its own", key)
		case known.values[key].IsValid():
			l.setValue(key, known.values[key], table[name])
		case isFile && isSecret(known.values[base]):
			l.takeFile(key, base, table, known)
		case isTable:
			l.fault(key, "unknown section")
		default:
			l.fault(key, "unknown key")
		}
	}
}

// takeFile sets a secret from the file that its key names.
func (l *loading) takeFile(key, base string, table map[string]any, known keys) {
	name := key[strings.LastIndexByte(key, '.')+1:]
	file, ok := table[name].(string)
	_, twice := table[strings.TrimSuffix(name, "_file")]
	switch {
	case !ok:
		l.fault(key, "wants the name of a file in quotes")
	case twice:
		l.fault(key, "%s is given by itself too; choose one", base)
	default:
		l.lines[base] = l.lines[key]
		if err := readSecret(known.values[base], file); err != nil {
			l.fault(key, "%v", err)
			l.spoil(base)
		}
	}
}
