package garmin

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

// UserPermissionsChange has the permissions that a person still grants: the full
// set, not a difference. It is also only a hint.
var UserPermissionsChange = &Type{
	Key: "userPermissionsChange", Title: "Permissions changed", Pull: "user/permissions",
	NaturalKey: []string{"userId", "changeTimeInSeconds"}, Notice: true, clock: dateClock,
	Fields: []Field{
		{Name: "permissions", JSON: "permissions", Label: "Permissions", Form: Any},
		instant("changeTimeInSeconds", "Changed"),
	},
	identify: func(v element.Value, d *Decoded) {
		if whose := whose(v); whose != "" {
			d.Key = whose + " " + scalar(v.Get("changeTimeInSeconds"))
		}
	},
}

// Permissions reads the permissions of a notice, which come as a list, as a
// map of booleans, inside an object, or as any of these inside a string. said
// is false if the notice has no set at all: null, nothing, or an unreadable value
// does not mean that all permissions were withdrawn. An empty list does mean
// that.
func Permissions(v element.Value) (names []string, said bool) {
	names, said = granted(v.Get("permissions"))
	slices.Sort(names)
	return slices.Compact(names), said
}

// NoticePermissions reads the permissions of a notice's JSON.
func NoticePermissions(detail string) (names []string, said bool) {
	v, err := readText(detail, element.Limits{Depth: 8, Bytes: 1 << 20})
	if err != nil {
		return nil, false
	}
	return Permissions(v)
}

// NoticeChange returns the time of the change in a notice's JSON, in unix seconds:
// Garmin's retries are about the same change. 0 if there is
// none.
func NoticeChange(detail string) int64 {
	v, err := readText(detail, element.Limits{Depth: 8, Bytes: 1 << 20})
	if err != nil {
		return 0
	}
	at, _ := v.Get("changeTimeInSeconds").Int()
	return at
}

func granted(p element.Value) (names []string, said bool) {
	switch p.Kind() {
	case element.String:
		return grantedText(p.Text())
	case element.Array:
		for item := range p.Items() {
			if name := scalar(item); name != "" {
				names = append(names, name)
			}
		}
		return names, len(names) > 0 || p.Len() == 0
	case element.Object:
		if inner := p.Get("permissions"); inner.Kind() != element.Absent {
			return granted(inner)
		}
		said = p.Len() == 0
		for name, given := range p.Members() {
			yes, ok := truth(given)
			if said = said || ok; yes {
				names = append(names, name)
			}
		}
	}
	return names, said
}

// grantedText reads JSON inside a string, or else names with any separators.
func grantedText(s string) (names []string, said bool) {
	p, err := readText(s, element.Limits{Depth: 4, Bytes: 64 << 10})
	switch {
	case err == nil && p.Kind() == element.Null:
		return nil, false
	case err == nil && (p.Kind() == element.Array || p.Kind() == element.Object):
		return granted(p)
	}
	names = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(`[]{}"', `, r) })
	return names, len(names) > 0
}

// readText reads the JSON in a text.
func readText(s string, lim element.Limits) (element.Value, error) {
	dec := jsontext.NewDecoder(strings.NewReader(s), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return element.Read(dec, lim)
}
