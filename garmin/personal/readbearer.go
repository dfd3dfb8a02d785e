package personal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// leastBearer and mostBearer are how many characters a bearer may have; leastBare is
	// for one that no member names, or a word such as "unauthorized" were one.
	leastBearer, leastBare, mostBearer = 8, 20, 16 << 10
	// deepest is how many objects down a bearer is looked for.
	deepest = 4
)

// Garmin does not document the members of its answer. These are the usual ones, surest
// first, without capitals and underscores.
var (
	bearerNames = []string{"accesstoken", "bearertoken", "bearer", "jwt", "token"}
	lifeNames   = []string{"expiresin"}
	endNames    = []string{"exp"} // of a JWT (RFC 7519)
)

// bare is a bearer that stands alone (RFC 6750, b64token).
var bare = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

// readBearer reads the answer to a key: an object with the bearer, at the top or further
// down, a text in quotes, or the bearer alone.
func readBearer(body []byte, now time.Time) (Bearer, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	var answer any
	if err := json.Unmarshal(body, &answer); err != nil {
		answer = string(body)
	}
	token, ok := find(answer, bearerNames, deepest, named)
	if text, alone := answer.(string); alone {
		token, ok = named(text)
		ok = ok && len(token) >= leastBare && bare.MatchString(token)
	}
	if !ok {
		return Bearer{}, ErrNoBearer
	}
	return Bearer{Token: token, Ends: now.Add(life(answer, token, now))}, nil
}

// named reads a bearer, before which the word may stand.
func named(v any) (string, bool) {
	text, ok := v.(string)
	text = strings.TrimSpace(text)
	if first, rest, two := strings.Cut(text, " "); two && strings.EqualFold(first, "bearer") {
		text = strings.TrimSpace(rest)
	}
	fits := len(text) >= leastBearer && len(text) <= mostBearer
	return text, ok && fits && !strings.ContainsFunc(text, func(r rune) bool { return !visible(r) })
}

// life is how long a bearer is valid by the answer, else by itself if it is a JWT, and at
// most as long as Garmin documents.
func life(answer any, token string, now time.Time) time.Duration {
	seconds, ok := find(answer, lifeNames, deepest, positive)
	if !ok {
		seconds, ok = find(claims(token), endNames, 1, positive)
		seconds -= float64(now.Unix())
	}
	if !ok || seconds <= 0 || seconds > bearerLife.Seconds() {
		return bearerLife
	}
	return time.Duration(seconds * float64(time.Second))
}

// positive reads a number, which may be in quotes.
func positive(v any) (n float64, ok bool) {
	switch v := v.(type) {
	case float64:
		n = v
	case string:
		n, _ = strconv.ParseFloat(v, 64) // 0 if it is none
	}
	return n, n > 0
}

// claims are the members of a JWT, nil if the token is none. Its signature is Garmin's
// concern.
func claims(token string) any {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	var members map[string]any
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(text, &members) != nil {
		return nil
	}
	return members
}

var plain = strings.NewReplacer("_", "", "-", "")

// find returns the first member with one of the names that read accepts: the names in
// their order, then what is further down.
func find[T any](v any, names []string, depth int, read func(any) (T, bool)) (found T, ok bool) {
	var below []any
	switch v := v.(type) {
	case []any:
		below = v
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		for _, name := range names {
			for _, key := range keys {
				if plain.Replace(strings.ToLower(key)) != name {
					continue
				}
				if found, ok = read(v[key]); ok {
					return found, true
				}
			}
		}
		for _, key := range keys {
			if !strings.HasPrefix(strings.ToLower(key), "refresh") { // whose token is another
				below = append(below, v[key])
			}
		}
	}
	for _, inner := range below {
		if depth == 0 {
			break
		}
		if found, ok = find(inner, names, depth-1, read); ok {
			return found, true
		}
	}
	var none T
	return none, false
}
