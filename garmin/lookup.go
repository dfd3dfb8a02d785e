package garmin

import "strings"

// Lookup finds a type by its callback key, or by another name that Garmin uses
// for it in paths, whatever its case.
func Lookup(key string) (*Type, bool) {
	if t, ok := byKey[key]; ok {
		return t, true
	}
	t, ok := byKey[strings.ToLower(key)]
	return t, ok
}

var byKey = func() map[string]*Type {
	m := map[string]*Type{"file": ActivityFiles} // an old key, seen in the wild
	for _, t := range Types {
		m[strings.ToLower(t.Pull)] = t
	}
	for _, t := range Types { // callback keys win over path names
		m[strings.ToLower(t.Key)] = t
		m[t.Key] = t
	}
	delete(m, "")
	return m
}()
