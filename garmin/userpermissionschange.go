package garmin

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

// UserPermissionsChange says which permissions a person still grants: the full
// set, not a difference, and a hint as well.
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
// map of booleans, inside an object, or as any of these inside a string.
func Permissions(v element.Value) []string {
	out := granted(v.Get("permissions"))
	slices.Sort(out)
	return slices.Compact(out)
}

func granted(p element.Value) (out []string) {
	switch p.Kind() {
	case element.String:
		return grantedText(p.Text())
	case element.Array:
		for item := range p.Items() {
			if name := scalar(item); name != "" {
				out = append(out, name)
			}
		}
	case element.Object:
		if inner := p.Get("permissions"); inner.Kind() != element.Absent {
			return granted(inner)
		}
		for name, given := range p.Members() {
			if yes, _ := truth(given); yes {
				out = append(out, name)
			}
		}
	}
	return out
}

// grantedText reads JSON inside a string, or else names with whatever between.
func grantedText(s string) []string {
	dec := jsontext.NewDecoder(strings.NewReader(s), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	p, err := element.Read(dec, element.Limits{Depth: 4, Bytes: 64 << 10})
	if err == nil && (p.Kind() == element.Array || p.Kind() == element.Object) {
		return granted(p)
	}
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(`[]{}"', `, r) })
}
