package config

import (
	"strings"
	"testing"
)

func TestTilesComeFromOneHostOverHTTPSOrFromAPrivateNetwork(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"https://tiles.example.org/{z}/{x}/{y}.png":              "",
		"https://tiles.example.org:8443/map/{z}/{x}/{y}@2x?k=ab": "",
		"http://tiles.home.arpa/{z}/{x}/{y}.png":                 "",
		"http://nas:8080/{z}/{x}/{y}.png":                        "",
		"http://192.168.1.9/{z}/{x}/{y}.png":                     "",
		"http://tiles.example.org/{z}/{x}/{y}.png":               "must be https",
		"http://8.8.8.8/{z}/{x}/{y}.png":                         "must be https",
		"https://user:pass@tiles.example.org/{z}/{x}/{y}.png":    "no user",
		"https://{x}.example.org/{z}/{y}.png":                    "one plain host",
		"https://{s}.example.org/{z}/{x}/{y}.png":                "no other parts in braces",
		"https://tiles.example.org/{z}/{x}.png":                  "once each",
		"https://tiles.example.org/{z}/{z}/{x}/{y}.png":          "once each",
		"javascript:alert(1)//{z}/{x}/{y}":                       "must be an address",
		"data:image/png;{z}{x}{y}":                               "must be an address",
		"//tiles.example.org/{z}/{x}/{y}.png":                    "must be an address",
		"https://a.org;script-src/{z}/{x}/{y}.png":               "one plain host",
		"https://a.org,b.org/{z}/{x}/{y}.png":                    "one plain host",
		"https://*.example.org/{z}/{x}/{y}.png":                  "one plain host",
		"https:///{z}/{x}/{y}.png":                               "must be an address",
		"https://tiles.example.org/{z}/{x}/{y}.png#x":            "no fragment",
	} {
		got := tilesFault(template)
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", template, got, want)
		}
	}
}

func TestTilesNeedAnAttribution(t *testing.T) {
	t.Parallel()
	tiles := map[string]string{"map.tiles": "https://tiles.example.org/{z}/{x}/{y}.png"}
	cfg, errs := Overlay(Default(), tiles)
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "map.attribution: is needed") || cfg.Map.Tiles != "" {
		t.Errorf("without one: %v, tiles %q", errs, cfg.Map.Tiles)
	}
	tiles["map.attribution"] = "© mappers"
	cfg, errs = Overlay(Default(), tiles)
	if len(errs) > 0 || cfg.Map.Origin() != "https://tiles.example.org" {
		t.Errorf("with one: %v, origin %q", errs, cfg.Map.Origin())
	}
}
