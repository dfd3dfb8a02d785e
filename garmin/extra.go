package garmin

import (
	"strings"

	"garner/garmin/element"
)

// Extra gives what an element holds beyond identity, fields, tables and
// series, as a JSON object; nil where there is nothing. So an export loses
// nothing that Garmin adds one day.
func (t *Type) Extra(v element.Value) []byte {
	return t.leftover(nil, v, "")
}

// leftover appends the members of an object whose path no declaration names.
func (t *Type) leftover(dst []byte, v element.Value, path string) []byte {
	for name, val := range v.Members() {
		full := path + name
		switch {
		case path == "" && identityNames[name], t.names(full):
			continue
		case val.Kind() == element.Object && t.namesUnder(full+"."):
			inner := t.leftover(nil, val, full+".")
			if inner == nil {
				continue
			}
			dst = append(member(dst, name), inner...)
		default:
			dst = val.AppendJSON(member(dst, name))
		}
	}
	if dst == nil {
		return nil
	}
	return append(dst, '}')
}

// member begins an object, or goes on with it, with a member's name.
func member(dst []byte, name string) []byte {
	if dst == nil {
		dst = append(dst, '{')
	} else {
		dst = append(dst, ',')
	}
	return append(element.AppendQuoted(dst, name), ':')
}

// names says whether a declaration names the path itself.
func (t *Type) names(path string) bool {
	return t.declared(func(json string) bool { return json == path })
}

// namesUnder says whether a declaration names something below a path.
func (t *Type) namesUnder(prefix string) bool {
	return t.declared(func(json string) bool { return strings.HasPrefix(json, prefix) })
}

func (t *Type) declared(match func(json string) bool) bool {
	for i := range t.Fields {
		if match(t.Fields[i].JSON) || anyOf(t.Fields[i].Aliases, match) {
			return true
		}
	}
	for i := range t.Tables {
		if match(t.Tables[i].JSON) || anyOf(t.Tables[i].Aliases, match) {
			return true
		}
	}
	for i := range t.Series {
		json, _, _ := strings.Cut(t.Series[i].JSON, ".")
		if match(json) {
			return true
		}
	}
	return false
}

func anyOf(list []string, match func(string) bool) bool {
	for _, s := range list {
		if match(s) {
			return true
		}
	}
	return false
}
