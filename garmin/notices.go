package garmin

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"garner/garmin/element"
)

// Deregistrations say that a person cut the link. Garmin signs nothing, so
// this is a hint until Garmin itself confirms it.
var Deregistrations = &Type{
	Key: "deregistrations", Title: "Disconnected", NaturalKey: []string{"userId"}, Notice: true,
}

// UserPermissionsChange says which permissions a person still grants: the full
// set, not a difference, and a hint as well.
var UserPermissionsChange = &Type{
	Key: "userPermissionsChange", Title: "Permissions changed", Pull: "user/permissions",
	NaturalKey: []string{"userId", "changeTimeInSeconds"}, Notice: true,
	Fields: []Field{text("permissions", "Permissions"), instant("changeTimeInSeconds", "Changed")},
}

// Permissions reads the permissions of a notice, which come as a list, as a
// map of booleans, as a list inside a string, or inside an object.
func Permissions(v element.Value) []string {
	var out []string
	p := v.Get("permissions")
	switch p.Kind() {
	case element.String:
		if err := json.Unmarshal([]byte(p.Text()), &out); err != nil {
			out = strings.FieldsFunc(p.Text(), func(r rune) bool { return strings.ContainsRune(`[]", `, r) })
		}
	case element.Array:
		for item := range p.Items() {
			out = append(out, item.Text())
		}
	case element.Object:
		if p.Get("permissions").Kind() != element.Absent {
			return Permissions(p)
		}
		for name, granted := range p.Members() {
			if yes, _ := granted.Bool(); yes {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}
