package query_test

import (
	"fmt"
	"hash/crc32"
	"reflect"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/health"
	"garner/query"
)

// show writes a value as indented text: one field, member or element to a line.
// What is zero is left out, what fits into a line stands in one, and a long list
// of samples is its number, ends and checksum. Instants are on the clock that
// they carry; those of no clock of their own are at UTC, whatever the machine's.
func show(v any) string {
	var b strings.Builder
	shower{&b}.value(reflect.ValueOf(v), "")
	return strings.TrimLeft(b.String(), " \n")
}

type shower struct{ b *strings.Builder }

// fewSamples is how long a list of samples may be to be shown whole.
const fewSamples = 6

func (s shower) value(v reflect.Value, indent string) {
	if word, ok := inline(v); ok {
		fmt.Fprintln(s.b, " "+word)
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		s.value(v.Elem(), indent)
	case reflect.Slice:
		fmt.Fprintf(s.b, " %d\n", v.Len())
		for i := range v.Len() {
			fmt.Fprint(s.b, indent, "-")
			s.value(v.Index(i), indent+"  ")
		}
	case reflect.Map:
		fmt.Fprintf(s.b, " %d\n", v.Len())
		for _, key := range sortedKeys(v) {
			fmt.Fprintf(s.b, "%s%v:", indent, key)
			s.value(v.MapIndex(key), indent+"  ")
		}
	case reflect.Struct:
		if line, ok := oneLine(v); ok {
			fmt.Fprintln(s.b, " "+line)
			return
		}
		fmt.Fprintln(s.b)
		s.fields(v, indent)
	default:
		panic("cannot show " + v.Type().String())
	}
}

// fields shows those that are not zero, those of embedded structs as its own.
func (s shower) fields(v reflect.Value, indent string) {
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		_, short := inline(x)
		switch {
		case x.IsZero():
		case f.Anonymous && x.Kind() == reflect.Struct && !short:
			s.fields(x, indent)
		default:
			fmt.Fprintf(s.b, "%s%s:", indent, f.Name)
			s.value(x, indent+"  ")
		}
	}
}

// lineLength is how long a struct may be to stand in one line.
const lineLength = 150

// oneLine returns a struct of nothing but short members.
func oneLine(v reflect.Value) (string, bool) {
	var b strings.Builder
	shower{&b}.fields(v, "")
	text := strings.TrimSuffix(b.String(), "\n")
	if len(text) > lineLength || strings.Contains(text, "\n-") || strings.Contains(text, "\n ") {
		return "", false
	}
	return strings.ReplaceAll(text, "\n", ", "), true
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return keys
}

// inline returns what stands in one line.
func inline(v reflect.Value) (string, bool) {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return "none", true
	}
	switch x := v.Interface().(type) {
	case time.Time:
		if x.Location() == time.Local {
			x = x.UTC()
		}
		return x.Format(time.RFC3339), true
	case *db.Person:
		return x.Slug, true
	case health.DayState:
		return stateOf(x), true
	case []health.DayState:
		return runs(x), true
	case []health.Point:
		return samples(x), len(x) > fewSamples
	case health.Span:
		return strings.TrimSpace(fmt.Sprintf("%s %s %s", clockMS(x.From), clockMS(x.To), x.Word)), true
	case db.Cursor:
		return fmt.Sprint(x), true
	case query.Cell:
		return cellText(x), true
	case health.Metric: // what it is called is not part of the answer
		return strings.TrimSpace(fmt.Sprint(x.Name, " ", x.Unit)), true
	case fmt.Stringer: // dates, durations, states
		return x.String(), true
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Map, reflect.Interface:
		return "", false
	case reflect.Pointer:
		return inline(v.Elem())
	case reflect.Slice:
		switch v.Type().Elem().Kind() {
		case reflect.Struct, reflect.Map, reflect.Slice, reflect.Pointer:
			return "none", v.Len() == 0
		}
		return fmt.Sprint(v.Interface()), true
	}
	return fmt.Sprint(v.Interface()), true
}

// cellText writes a cell as its kind and what it holds.
func cellText(c query.Cell) string {
	switch c.Kind {
	case query.CellNumber:
		return fmt.Sprintf("%v %s", c.Number, c.Unit)
	case query.CellInstant:
		return c.Instant.Format(time.RFC3339)
	case query.CellText:
		return c.Text
	}
	return "absent"
}

func clockMS(ms int64) string { return time.UnixMilli(ms).UTC().Format("01-02T15:04:05Z") }

// runs writes days that follow each other in the same state as one.
// stateOf is a state with its reason.
func stateOf(s health.DayState) string { return strings.Trim(s.Key()+" "+s.Why.Key(), " ") }

func runs(days []health.DayState) string {
	var out []string
	for len(days) > 0 {
		n := 1
		for n < len(days) && days[n] == days[0] {
			n++
		}
		out = append(out, fmt.Sprintf("%d× %s", n, stateOf(days[0])))
		days = days[n:]
	}
	return strings.Join(out, "; ")
}

// samples writes the ends of a long list, and a checksum of all.
func samples(list []health.Point) string {
	sum := crc32.NewIEEE()
	for _, p := range list {
		fmt.Fprintln(sum, p)
	}
	if len(list) == 0 {
		return "none"
	}
	return fmt.Sprintf("%d samples, %v … %v, crc %08x", len(list), list[0], list[len(list)-1], sum.Sum32())
}

// lineDiff are the lines of which two texts have different numbers, up to a few.
func lineDiff(want, got string) string {
	count := map[string]int{}
	for line := range strings.Lines(got) {
		count[line]++
	}
	for line := range strings.Lines(want) {
		count[line]--
	}
	var out []string
	for line, n := range count {
		switch {
		case n > 0:
			out = append(out, "+ "+line)
		case n < 0:
			out = append(out, "- "+line)
		}
	}
	slices.Sort(out)
	return strings.Join(out[:min(len(out), 40)], "")
}
