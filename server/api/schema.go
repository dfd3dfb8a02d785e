package api

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// schema is a JSON Schema of OpenAPI 3.1, or a part of the document.
type schema map[string]any

var (
	textSchema   = schema{"type": "string"}
	boolSchema   = schema{"type": "boolean"}
	numberSchema = schema{"type": "number"}
	wholeSchema  = schema{"type": "integer"}
	dateSchema   = schema{"type": "string", "format": "date"}
	timeSchema   = schema{"type": "string", "format": "date-time"}
	anyObject    = schema{"type": "object"}
)

// about adds a description.
func (s schema) about(text string) schema {
	out := maps.Clone(s)
	if text != "" {
		out["description"] = text
	}
	return out
}

func enumOf(words ...string) schema { return schema{"type": "string", "enum": words} }

func listOf(items schema) schema { return schema{"type": "array", "items": items} }

func wholeFrom(least, most, usual int) schema {
	return schema{"type": "integer", "minimum": least, "maximum": most, "default": usual}
}

// ref names a schema of the document.
func ref(name string) schema { return schema{"$ref": "#/components/schemas/" + name} }

// objectOf is an object of some members, of which all are required but the optional ones.
// Later versions may add members, so it allows others.
func objectOf(members schema, optional ...string) schema {
	var required []string
	for name := range members {
		if !slices.Contains(optional, name) {
			required = append(required, name)
		}
	}
	slices.Sort(required)
	out := schema{"type": "object", "properties": members}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// pageOf is an answer of several items.
func pageOf(items schema) schema {
	next := textSchema.about("The cursor of the next page; absent on the last.")
	return objectOf(schema{"data": listOf(items), "next": next}, "next")
}

// recordsPageOf is one that may name damaged records that it leaves out.
func recordsPageOf(items schema) schema {
	out := pageOf(items)
	out["properties"].(schema)["damaged"] = listOf(ref("Damage")).about("Records that are left out because they are " +
		"damaged on disk.")
	return out
}

// structOf describes a Go struct by its tags: json, doc, format, and omitempty for members
// that may be absent.
func structOf[T any]() schema { return schemaOf(reflect.TypeFor[T]()) }

func schemaOf(t reflect.Type) schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return timeSchema
	case t.Kind() == reflect.Pointer:
		return schemaOf(t.Elem())
	case t.Kind() == reflect.Slice:
		return listOf(schemaOf(t.Elem()))
	case t.Kind() == reflect.String:
		return textSchema
	case t.Kind() == reflect.Bool:
		return boolSchema
	case t.Kind() == reflect.Float64:
		return numberSchema
	case t.Kind() != reflect.Struct:
		return wholeSchema
	}
	members, optional := schema{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, more, _ := strings.Cut(f.Tag.Get("json"), ",")
		member := schemaOf(f.Type).about(f.Tag.Get("doc"))
		if format := f.Tag.Get("format"); format != "" {
			member["format"] = format
		}
		members[name] = member
		if more == "omitempty" {
			optional = append(optional, name)
		}
	}
	return objectOf(members, optional...)
}
