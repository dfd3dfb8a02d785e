package garmin

import (
	"slices"
	"strconv"
	"strings"

	"garner/garmin/element"
)

// index has, by path, the parts of an element that a type declares.
type index struct {
	date     string
	identity map[string]bool
	fields   map[string]*Field
	tables   map[string]*Table
	series   map[string]bool
	lists    map[string]func(element.Value, string) bool
	// above has the paths of objects that contain any of these.
	above map[string]bool
}

var indexes = func() map[*Type]*index {
	all := map[*Type]*index{}
	for _, t := range Types {
		all[t] = newIndex(t)
	}
	return all
}()

func newIndex(t *Type) *index {
	x := &index{date: t.clock.dateName(), identity: map[string]bool{}, fields: map[string]*Field{},
		tables: map[string]*Table{},
		series: map[string]bool{}, lists: t.held, above: map[string]bool{}}
	for _, name := range t.identityPaths() {
		x.identity[name] = true
		x.below(name)
	}
	for i := range t.Fields {
		for _, name := range append([]string{t.Fields[i].JSON}, t.Fields[i].Aliases...) {
			x.fields[name] = &t.Fields[i]
			x.below(name)
		}
	}
	for i := range t.Tables {
		for _, name := range append([]string{t.Tables[i].JSON}, t.Tables[i].Aliases...) {
			x.tables[name] = &t.Tables[i]
			x.below(name)
		}
	}
	for i := range t.Series {
		if t.Series[i].each == nil {
			x.series[t.Series[i].JSON] = true
			x.below(t.Series[i].JSON)
		}
	}
	return x
}

// below records the objects that contain a path.
func (x *index) below(path string) {
	for i, c := range path {
		if c == '.' {
			x.above[path[:i]] = true
		}
	}
}

func (x *index) declared(path string) bool {
	_, field := x.fields[path]
	_, table := x.tables[path]
	return x.identity[path] || field || table || x.series[path] || x.above[path]
}

// IdentityNames are the names of an element's members that the identity
// columns of an export hold: whose it is, which day, when, and its summaryId.
func (t *Type) IdentityNames() []string {
	var out []string
	for _, path := range t.identityPaths() {
		if !strings.Contains(path, ".") {
			out = append(out, path)
		}
	}
	return out
}

func (t *Type) identityPaths() []string {
	return slices.Concat([]string{"userId", "userAccessToken", "summaryId", t.clock.dateName()}, t.clock.start,
		t.clock.offset)
}

// says reports whether an identity column has the value of a member: not if it
// could not be read, or has more than the column can hold (a fraction of a second),
// or if another of its names was used.
func (l *leftover) says(v element.Value, path string) bool {
	switch path {
	case "userId", "userAccessToken", "summaryId":
		return scalar(v) != ""
	case l.date:
		return v.Text() == l.clock.Day.String()
	}
	x, ok := v.Float()
	return ok && (x == float64(l.clock.Start) || l.clock.Offset != nil && x == float64(*l.clock.Offset))
}

// isOffset reports whether a name is a sample's, as element.Value.Points and
// eachPoint take it.
func isOffset(name string) bool {
	at, err := strconv.ParseInt(name, 10, 64)
	return err == nil && strconv.FormatInt(at, 10) == name && at >= leastOffset && at <= mostOffset
}
