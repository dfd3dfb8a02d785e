package config

import (
	"reflect"
	"slices"
	"strings"
)

// notInUse are the keys, and sections of keys, that are accepted before there
// is anything that uses them.
var notInUse = []string{
	"listen_https", "listen_http",
	"garmin.client_secret", "garmin.authorize_url", "garmin.token_url", "garmin.api_origin",
	"tls.", "backfill.", "backup.",
}

// Unused lists what is configured and has no effect yet, so that nobody
// relies on it.
func Unused(cfg Config) (keys []string) {
	defaults := Default()
	def := settings(&defaults)
	for i, s := range settings(&cfg) {
		covered := slices.ContainsFunc(notInUse, func(name string) bool {
			return s.key == name || strings.HasSuffix(name, ".") && strings.HasPrefix(s.key, name)
		})
		if covered && !reflect.DeepEqual(s.value.Interface(), def[i].value.Interface()) {
			keys = append(keys, s.key)
		}
	}
	return keys
}
