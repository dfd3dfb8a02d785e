package config

import (
	"encoding"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
)

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

// keys are the settings by key, and the sections that they stand in.
type keys struct {
	values   map[string]reflect.Value
	sections map[string]bool
}

func keysOf(cfg *Config) keys {
	k := keys{map[string]reflect.Value{}, map[string]bool{}}
	for _, s := range settings(cfg) {
		k.values[s.key] = s.value
		if section, _, ok := strings.Cut(s.key, "."); ok {
			k.sections[section] = true
		}
	}
	return k
}

func isSecret(v reflect.Value) bool {
	return v.IsValid() && v.Type() == reflect.TypeFor[Secret]()
}

// setValue sets v to a value of the file.
func (l *loading) setValue(key string, v reflect.Value, to any) {
	if err := setTOML(v, to); err != nil {
		l.fault(key, "%v", err)
		l.spoil(key)
	}
}

// spoil notes that key has a fault already: what it is instead is not judged.
func (l *loading) spoil(key string) {
	if l.bad == nil {
		l.bad = map[string]bool{}
	}
	l.bad[key] = true
}

// setTOML sets v to what a TOML reader gives. Its errors show no value: it may
// be a secret.
func setTOML(v reflect.Value, to any) error {
	text, isText := to.(string)
	number, isNumber := to.(int64)
	list, isList := to.([]any)
	reader, reads := v.Addr().Interface().(encoding.TextUnmarshaler)
	switch {
	case reads && isText:
		return reader.UnmarshalText([]byte(text))
	case reads && isNumber:
		return reader.UnmarshalText(strconv.AppendInt(nil, number, 10))
	case v.Kind() == reflect.String && isText:
		v.SetString(text)
		return nil
	case v.Kind() == reflect.Int && isNumber:
		v.SetInt(number)
		return nil
	case v.Kind() == reflect.Slice && isList:
		return setList(v, list)
	case v.Kind() == reflect.Slice && isText:
		return setText(v, text) // one, or several with commas, as in the environment
	}
	return fmt.Errorf("wants %s", wants(v))
}

func setList(v reflect.Value, list []any) error {
	words := []string{}
	for _, item := range list {
		word, ok := item.(string)
		if !ok {
			return fmt.Errorf("wants %s", wants(v))
		}
		words = append(words, word)
	}
	v.Set(reflect.ValueOf(words))
	return nil
}

func wants(v reflect.Value) string {
	switch v.Interface().(type) {
	case Duration:
		return `a length of time such as "48h"`
	case Size:
		return `a size such as "128MiB"`
	case int:
		return "a whole number without quotes"
	case []string:
		return `a list of texts such as ["a", "b"]`
	}
	return "text in quotes"
}

// setText sets v to a value of the environment.
func setText(v reflect.Value, text string) error {
	if reader, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return reader.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is no whole number", text)
		}
		v.SetInt(int64(n))
	case reflect.Slice:
		v.Set(reflect.ValueOf(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })))
	}
	return nil
}

// readSecret sets v to what a file holds, without the ends of its lines.
func readSecret(v reflect.Value, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	secret := strings.TrimRight(string(text), "\r\n")
	if secret == "" {
		return errors.New(file + " is empty")
	}
	v.SetString(secret)
	return nil
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
		value, direct := vars[name]
		file, byFile := vars[name+"_FILE"]
		byFile = byFile && isSecret(s.value)
		if !direct && !byFile {
			continue
		}
		delete(l.bad, s.key)
		var err error
		switch {
		case direct && byFile:
			err = fmt.Errorf("%s_FILE is given too; choose one", name)
		case byFile:
			name += "_FILE"
			err = readSecret(s.value, file)
		default:
			err = setText(s.value, value)
		}
		l.variables[s.key] = name
		if err != nil {
			l.fault(s.key, "%v", err)
			l.spoil(s.key)
		}
	}
}
