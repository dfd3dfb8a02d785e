package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// defaultConfigFile is read where no --config is given and it is there.
const defaultConfigFile = "garner.toml"

// LoadConfig reads the configuration: the defaults, over them the file at path
// (the default file, if it is there, where path is empty), over them the
// environment. The error names every fault at once, with the line where one is
// known.
func LoadConfig(path string, env []string) (Config, error) {
	cfg := DefaultConfig()
	text, err := readConfigFile(&path)
	if err != nil {
		return cfg, err
	}
	l := &loading{file: path, lines: map[string]int{}}
	l.findLines(text)
	l.decode(text, &cfg)
	l.secretFiles(text, &cfg)
	l.environment(env, &cfg)
	l.validate(&cfg)
	return cfg, errors.Join(l.faults...)
}

func readConfigFile(path *string) ([]byte, error) {
	if *path != "" {
		text, err := os.ReadFile(*path)
		if err != nil {
			return nil, fmt.Errorf("read configuration: %w", err)
		}
		return text, nil
	}
	text, err := os.ReadFile(defaultConfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	*path = defaultConfigFile
	return text, err
}

// loading gathers faults, and where each key stands.
type loading struct {
	file   string
	lines  map[string]int // by dotted key
	faults []error
}

// fault adds one, at the line of key if the file has it.
func (l *loading) fault(key, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if line := l.lines[key]; line > 0 {
		l.faults = append(l.faults, fmt.Errorf("%s:%d: %s: %s", l.file, line, key, text))
		return
	}
	l.faults = append(l.faults, fmt.Errorf("%s: %s", key, text))
}

// findLines notes where each key stands, for messages about values.
func (l *loading) findLines(text []byte) {
	var p unstable.Parser
	p.Reset(text)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		parts := []string{}
		line := 0
		for it := e.Key(); it.Next(); {
			parts = append(parts, string(it.Node().Data))
			line = p.Shape(it.Node().Raw).Start.Line
		}
		key := strings.Join(parts, ".")
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = key + "."
		case unstable.KeyValue:
			l.lines[table+key] = line
		}
	}
}

// decode reads the file strictly. Keys that end in _file are left to
// secretFiles.
func (l *loading) decode(text []byte, cfg *Config) {
	dec := toml.NewDecoder(strings.NewReader(string(text)))
	dec.DisallowUnknownFields()
	err := dec.Decode(cfg)
	var strict *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case err == nil:
	case errors.As(err, &strict):
		for _, e := range strict.Errors {
			key := strings.Join(e.Key(), ".")
			if base, ok := strings.CutSuffix(key, "_file"); ok && isSecret(base) {
				continue
			}
			row, _ := e.Position()
			l.faults = append(l.faults, fmt.Errorf("%s:%d: %s: unknown key", l.file, row, key))
		}
	case errors.As(err, &wrong):
		row, _ := wrong.Position()
		l.faults = append(l.faults, fmt.Errorf("%s:%d: %s", l.file, row, strings.TrimPrefix(wrong.Error(), "toml: ")))
	default:
		l.faults = append(l.faults, fmt.Errorf("%s: %w", l.file, err))
	}
}

// setting is one key of the configuration.
type setting struct {
	key   string // dotted
	value reflect.Value
}

// settings lists every key of cfg in order.
func settings(cfg *Config) []setting { return settingsOf("", reflect.ValueOf(cfg).Elem()) }

func settingsOf(prefix string, v reflect.Value) []setting {
	var out []setting
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("toml")
		if v.Field(i).Kind() == reflect.Struct {
			out = append(out, settingsOf(key+".", v.Field(i))...)
			continue
		}
		out = append(out, setting{key, v.Field(i)})
	}
	return out
}

func isSecret(key string) bool {
	for _, s := range settings(&Config{}) {
		if s.key == key {
			_, ok := s.value.Interface().(Secret)
			return ok
		}
	}
	return false
}

// secretFiles reads the secrets that are given as files.
func (l *loading) secretFiles(text []byte, cfg *Config) {
	var raw map[string]any
	if err := toml.Unmarshal(text, &raw); err != nil {
		return // decode has said so
	}
	for _, s := range settings(cfg) {
		file, ok := lookUp(raw, s.key+"_file").(string)
		if !ok || !isSecret(s.key) {
			continue
		}
		if s.value.String() != "" {
			l.fault(s.key+"_file", "%s is given here and by itself; choose one", s.key)
			continue
		}
		l.readSecret(s, s.key+"_file", file)
	}
}

func lookUp(raw map[string]any, key string) any {
	head, rest, more := strings.Cut(key, ".")
	if !more {
		return raw[head]
	}
	inner, _ := raw[head].(map[string]any)
	return lookUp(inner, rest)
}

func (l *loading) readSecret(s setting, key, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		l.fault(key, "%v", err)
		return
	}
	s.value.SetString(strings.TrimRight(string(text), "\r\n"))
}

// environment lets GARNER_… variables have the last word.
func (l *loading) environment(env []string, cfg *Config) {
	vars := map[string]string{}
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		vars[name] = value
	}
	for _, s := range settings(cfg) {
		name := "GARNER_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
		if value, ok := vars[name]; ok {
			if err := setText(s.value, value); err != nil {
				l.faults = append(l.faults, fmt.Errorf("%s: %w", name, err))
			}
		}
		if file, ok := vars[name+"_FILE"]; ok && isSecret(s.key) {
			l.readSecret(s, name+"_FILE", file)
		}
	}
}

func setText(v reflect.Value, text string) error {
	if u, ok := v.Addr().Interface().(interface{ UnmarshalText([]byte) error }); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		var n int
		if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
			return fmt.Errorf("%q is no number", text)
		}
		v.SetInt(int64(n))
	case reflect.Slice:
		v.Set(reflect.ValueOf(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })))
	}
	return nil
}
