package garmin

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

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
		d.Key = scalar(v.Get("userId")) + " " + scalar(v.Get("changeTimeInSeconds"))
	},
}

// Permissions reads the permissions of a notice, which come as a list, as a
// map of booleans, as a list inside a string, or inside an object.
func Permissions(v element.Value) []string {
	var out []string
	p := v.Get("permissions")
	switch p.Kind() {
	case element.String:
		if err := json.Unmarshal([]byte(p.Text()), &out); err != nil {
			out = strings.FieldsFunc(p.Text(), func(r rune) bool { return strings.ContainsRune(`[]{}"', `, r) })
		}
	case element.Array:
		for item := range p.Items() {
			if name := scalar(item); name != "" {
				out = append(out, name)
			}
		}
	case element.Object:
		if p.Get("permissions").Kind() != element.Absent {
			return Permissions(p)
		}
		for name, granted := range p.Members() {
			if yes, _ := truth(granted); yes {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
