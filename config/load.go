package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// DefaultFile is read if it exists and no --config is given.
const DefaultFile = "garner.toml"

// Load reads the configuration: the defaults, over them the file at path
// (DefaultFile, if it exists, when path is empty), over them the environment.
// The error names every fault at once, with its line where one is known, and
// never shows a secret.
func Load(path string, environ []string) (Config, error) {
	l := newLoading()
	name := cmp.Or(path, DefaultFile)
	text, err := os.ReadFile(name)
	if err != nil && (path != "" || !errors.Is(err, fs.ErrNotExist)) {
		return l.cfg, fmt.Errorf("read configuration: %w", err)
	}
	l.readFile(name, text)
	l.readEnvironment(environ)
	l.cfg.Set = map[string]bool{}
	for key := range l.places {
		l.cfg.Set[key] = true
	}
	l.setListeners(&l.cfg)
	l.validate(&l.cfg)
	return l.cfg, l.err()
}

// loading is a configuration that is being read. Keys are dotted: mail.host.
type loading struct {
	cfg      Config
	defaults map[string]any   // of every key, as TOML has them
	places   map[string]place // where each key was set last
	faults   []fault
}

func newLoading() *loading {
	return &loading{cfg: Default(), defaults: values(Default()), places: map[string]place{}}
}

// place is where a key is set. line is that of the file, 0 if there is none.
type place struct {
	line int
	name string
}

type fault struct {
	place
	text string
}

// take sets what one source gives. A secret may be in a file that is named by
// its key with _file.
func (l *loading) take(given map[string]any, set func(key string, value any) error, at func(key string) place) {
	for key, value := range given {
		sets := key
		var err error
		if secret, isFile := strings.CutSuffix(key, "_file"); isFile && slices.Contains(secrets, secret) {
			sets = secret
			value, err = readSecret(value)
			if _, twice := given[secret]; twice {
				err = fmt.Errorf("%s is also set; choose one", secret)
			}
		}
		if err == nil {
			err = set(sets, value)
		}
		if err != nil {
			l.faults = append(l.faults, fault{at(key), err.Error()})
			continue
		}
		l.places[sets] = at(key)
	}
}

// readSecret returns what a file holds, without the ends of its lines.
func readSecret(name any) (string, error) {
	path, isText := name.(string)
	if !isText {
		return "", errors.New("must be a file name in quotes")
	}
	text, err := os.ReadFile(path)
	secret := strings.TrimRight(string(text), "\r\n")
	if err == nil && secret == "" {
		err = errors.New(path + " is empty")
	}
	return secret, err
}

// fault adds a fault of the value of key, at the place where it is set.
func (l *loading) fault(key, format string, args ...any) {
	at := l.places[key]
	at.name = cmp.Or(at.name, key)
	l.faults = append(l.faults, fault{at, fmt.Sprintf(format, args...)})
}

// err is all faults: those of the file in its order, then the others.
func (l *loading) err() error {
	slices.SortFunc(l.faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(uint(a.line-1), uint(b.line-1)), cmp.Compare(a.name, b.name), cmp.Compare(a.text, b.text))
	})
	var errs []error
	for _, f := range l.faults {
		errs = append(errs, errors.New(f.name+": "+f.text))
	}
	return errors.Join(errs...)
}
