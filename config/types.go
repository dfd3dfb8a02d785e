package config

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Secret is text that no log and no page shows.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// LogValue hides the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Host is the host of an address; the rest of it stays hidden.
func (s Secret) Host() string {
	u, err := url.Parse(string(s))
	if err != nil {
		return ""
	}
	return u.Host
}

// Duration is a length of time, written as "48h" or "1h30m".
type Duration time.Duration

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration such as \"48h\"", text)
	}
	*d = Duration(v)
	return nil
}

// UnmarshalTOML reads a duration. A number without a unit is none.
func (d *Duration) UnmarshalTOML(value []byte) error { return d.UnmarshalText(unquote(value)) }

// MarshalText writes a duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String writes a duration without parts that are zero.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Size is a number of bytes, written as a number or as "128MiB".
type Size int64

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"B", 1}, {"", 1}}

// UnmarshalText reads a size.
func (s *Size) UnmarshalText(text []byte) error {
	t := strings.TrimSpace(string(text))
	for _, u := range sizeUnits {
		head, ok := strings.CutSuffix(t, u.name)
		n, err := strconv.ParseInt(strings.TrimSpace(head), 10, 64)
		if ok && err == nil && n >= 0 && n <= (1<<62)/u.bytes {
			*s = Size(n * u.bytes)
			return nil
		}
	}
	return fmt.Errorf("%q is not a size such as \"128MiB\"", text)
}

// UnmarshalTOML reads a size, with or without quotes.
func (s *Size) UnmarshalTOML(value []byte) error { return s.UnmarshalText(unquote(value)) }

// String writes a size in the largest unit that divides it.
func (s Size) String() string {
	for i := 3; i >= 0; i-- {
		if u := sizeUnits[i]; s != 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// MarshalText writes a size.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// unquote returns the text of a TOML value.
func unquote(value []byte) []byte { return bytes.Trim(value, `"'`) }
