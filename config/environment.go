package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"
)

// secrets are the keys of type Secret, which may be in a file instead: see take.
var secrets = []string{
	"garmin.client_secret", "garmin.callback_secret", "mail.password", "alerts.ntfy_url", "alerts.ntfy_token",
	"alerts.webhook_url", "alerts.webhook_secret", "alerts.heartbeat_url",
}

const prefix = "GARNER_"

// variable is the name of the environment variable that sets key.
func variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// readEnvironment takes what environment variables set, which wins over the file.
func (l *loading) readEnvironment(environ []string) {
	vars, given := env.ToMap(environ), map[string]any{}
	for key := range l.defaults {
		if text, ok := vars[variable(key)]; ok {
			given[key] = text
		}
		if path, ok := vars[variable(key+"_file")]; ok && slices.Contains(secrets, key) {
			given[key+"_file"] = path
		}
	}
	l.take(given, l.parse, func(key string) place { return place{name: variable(key)} })
}

// parse sets one key to the text of a variable; of all at once, env would not
// tell which is wrong. Errors show the values of numbers, durations and sizes
// only, which are no secrets.
func (l *loading) parse(key string, value any) error {
	if value == "" {
		return l.decode(key, "") // which env takes for a variable that is not set
	}
	err := env.ParseWithOptions(&l.cfg, env.Options{
		Environment:           map[string]string{variable(key): fmt.Sprint(value)},
		Prefix:                prefix,
		UseFieldNameByDefault: true,
		FuncMap: map[reflect.Type]env.ParserFunc{
			reflect.TypeFor[int]():      parseInt,
			reflect.TypeFor[[]string](): func(text string) (any, error) { return split(text), nil },
		},
	})
	if wrong := (env.ParseError{}); errors.As(err, &wrong) {
		return wrong.Err
	}
	return err
}

func parseInt(text string) (any, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not a whole number", text)
	}
	return n, nil
}

// split returns the items of a list, which stand between commas or spaces.
func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
