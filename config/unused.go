package config

import "reflect"

// notInUse are the keys that are accepted before anything uses them.
var notInUse = []string{
	"tls.dns",
}

// Unused lists the keys that are set and have no effect yet, so that no one
// relies on them.
func Unused(cfg Config) (keys []string) {
	set, defaults := values(cfg), values(Default())
	for _, key := range notInUse {
		if !reflect.DeepEqual(set[key], defaults[key]) {
			keys = append(keys, key)
		}
	}
	return keys
}
