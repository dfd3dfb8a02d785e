package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// readFile takes what a TOML file sets.
func (l *loading) readFile(name string, text []byte) {
	var tables map[string]any
	if err := toml.Unmarshal(text, &tables); err != nil {
		line := 0
		if wrong := new(toml.DecodeError); errors.As(err, &wrong) {
			line, _ = wrong.Position()
		}
		at := place{line, fmt.Sprintf("%s:%d", name, line)}
		l.faults = append(l.faults, fault{at, strings.TrimPrefix(err.Error(), "toml: ")})
		return
	}
	lines := findLines(text)
	l.take(flatten(tables, tablesOf(Default())), l.decode, func(key string) place {
		section, _, _ := strings.Cut(key, ".")
		line := cmp.Or(lines[key], lines[section]) // of its section, in an inline table
		return place{line, fmt.Sprintf("%s:%d: %s", name, line, key)}
	})
}

// findLines returns the line of each key: the decoder tells only those of its own
// errors, and a value of the right type may be wrong as well.
func findLines(text []byte) map[string]int {
	var p unstable.Parser
	p.Reset(text)
	lines, section := map[string]int{}, ""
	for p.NextExpression() {
		key := ""
		if p.Expression().Kind == unstable.KeyValue {
			key = section
		}
		for it := p.Expression().Key(); it.Next(); {
			key += "." + string(it.Node().Data)
			line := p.Shape(it.Node().Raw).Start.Line
			lines[key[1:]] = cmp.Or(lines[key[1:]], line)
		}
		if p.Expression().Kind != unstable.KeyValue {
			section = key
		}
	}
	return lines
}

// decode sets one key: the decoder stops at the first wrong type, and all of
// them are to be reported. Errors show no value, which may be a secret, but
// those of durations and sizes.
func (l *loading) decode(key string, value any) error {
	_, isTable := value.(map[string]any)
	text, isText := value.(string)
	if _, isList := l.defaults[key].([]any); isList && isText {
		value = split(text) // a list of one, or as in the environment
	}
	table := map[string]any{key: value}
	if section, name, ok := strings.Cut(key, "."); ok {
		table = map[string]any{section: map[string]any{name: value}}
	}
	document, err := toml.Marshal(table)
	if err != nil {
		return err
	}
	decoder := toml.NewDecoder(bytes.NewReader(document)).DisallowUnknownFields().EnableUnmarshalerInterface()
	var to any = &l.cfg
	if key != strings.ToLower(key) {
		to = &struct{}{} // else the decoder takes Mail for mail
	}
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch err := decoder.Decode(to); {
	case errors.As(err, &unknown) && isTable:
		return errors.New("unknown section")
	case errors.As(err, &unknown):
		return errors.New("unknown key")
	case errors.As(err, &wrong), isTable:
		return l.wants(key)
	default:
		return err
	}
}

// wants says how a key is written.
func (l *loading) wants(key string) error {
	switch l.defaults[key].(type) {
	case string:
		return errors.New("must be text in quotes")
	case int64:
		return errors.New("must be a whole number without quotes")
	case []any:
		return errors.New(`must be a list of texts such as ["a", "b"]`)
	}
	return fmt.Errorf("is a section: write [%s] on a line of its own", key)
}

// values returns every key of a configuration with its value as TOML has it.
func values(cfg Config) map[string]any {
	tables := tablesOf(cfg)
	return flatten(tables, tables)
}

func tablesOf(cfg Config) (tables map[string]any) {
	text, err := toml.Marshal(cfg)
	if err == nil {
		err = toml.Unmarshal(text, &tables)
	}
	if err != nil {
		panic("config: " + err.Error()) // no Config can do that
	}
	return tables
}

// flatten returns the values in tables by dotted key, where the tables are
// sections; others are values themselves.
func flatten(tables, sections map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range tables {
		inner, isTable := value.(map[string]any)
		if _, isSection := sections[name].(map[string]any); !isTable || !isSection {
			out[name] = value
			continue
		}
		for key, value := range inner {
			out[name+"."+key] = value
		}
	}
	return out
}
