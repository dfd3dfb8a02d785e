package client

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"garner/garmin"
)

const (
	// mostURL and mostValue are how many bytes a callback URL and one value of its
	// query may have.
	mostURL, mostValue = 4096, 3072
	// mostWindow is how many seconds apart Garmin allows upload times to be (Health API,
	// Pull).
	mostWindow = 86400
)

// Target is what a callback URL asks for, rebuilt from an allow-list. Scheme and host
// are not part of it.
type Target struct {
	Path string
	// Query is in the order sent: Garmin wants the address called as given. It has a
	// token, so it is as secret as one.
	Query string
	// From and To are the window of upload times; zero where there is none.
	From, To time.Time
}

// RefusedError is why a callback URL is not called. It does not repeat the URL.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return "callback URL refused: " + e.Reason }

// Target reads the callback URL of a ping of a type. Any address but that of the
// type at Garmin's API is a *RefusedError.
func (c *Client) Target(t *garmin.Type, raw string) (Target, error) { return TargetAt(c.origin.String(), t, raw) }

// TargetAt is Target for the API at an origin, such as https://apis.garmin.com.
func TargetAt(origin string, t *garmin.Type, raw string) (Target, error) {
	origin = strings.TrimRight(origin, "/")
	switch {
	case len(raw) > mostURL:
		return Target{}, &RefusedError{"it is too long"}
	case strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r > '~' }):
		return Target{}, &RefusedError{"it has characters that are not allowed"}
	case t.Pull == "" || t.Notice:
		return Target{}, &RefusedError{"there is nothing to fetch for " + t.Key}
	case len(raw) < len(origin) || !strings.EqualFold(raw[:len(origin)], origin):
		return Target{}, &RefusedError{"it is not at " + origin}
	}
	path, query, asks := strings.Cut(raw[len(origin):], "?")
	if path != restPath+t.Pull {
		return Target{}, &RefusedError{"it is not at the path of " + t.Key + " at " + origin}
	}
	target := Target{Path: restPath + t.Pull}
	if !asks {
		return target, nil
	}
	if err := target.read(query); err != nil {
		return Target{}, err
	}
	return target, nil
}

// parameters are the names that a query may have, with the form of their values.
// Base64 may come escaped.
var parameters = map[string]*regexp.Regexp{
	"uploadStartTimeInSeconds": regexp.MustCompile(`^[0-9]{1,11}$`),
	"uploadEndTimeInSeconds":   regexp.MustCompile(`^[0-9]{1,11}$`),
	"token":                    regexp.MustCompile(`^(?:[A-Za-z0-9._~+/=-]|%2[BbFf]|%3[Dd])+$`),
	"id":                       regexp.MustCompile(`^[A-Za-z0-9._~+/=-]+$`),
}

// read sets the query and the window.
func (t *Target) read(query string) error {
	given := map[string]string{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		form, known := parameters[name]
		_, repeated := given[name]
		switch {
		case !known:
			return &RefusedError{"it has an unknown parameter"}
		case repeated:
			return &RefusedError{"it has " + name + " twice"}
		case len(value) > mostValue || !form.MatchString(value):
			return &RefusedError{name + " has a wrong form"}
		}
		given[name] = value
	}
	t.Query = query
	return t.window(given["uploadStartTimeInSeconds"], given["uploadEndTimeInSeconds"])
}

func (t *Target) window(start, end string) error {
	if start == "" && end == "" {
		return nil
	}
	from, errFrom := strconv.ParseInt(start, 10, 64)
	to, errTo := strconv.ParseInt(end, 10, 64)
	switch {
	case errFrom != nil || errTo != nil:
		return &RefusedError{"it has only one of the upload times"}
	case to < from:
		return &RefusedError{"its upload times are in the wrong order"}
	case to-from > mostWindow:
		return &RefusedError{"its upload times are more than 24 hours apart"}
	}
	t.From, t.To = time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()
	return nil
}
