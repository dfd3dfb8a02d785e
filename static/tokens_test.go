package static

import (
	"math"
	"regexp"
	"testing"
)

// token finds --name: light-dark(#light, #dark).
var token = regexp.MustCompile(`--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)`)

// tokens reads the colours of the style sheet, light first.
func tokens(t *testing.T) map[string][2]rgb {
	t.Helper()
	css, err := files.ReadFile("styles/10-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][2]rgb{}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		var pair [2]rgb
		for i := range pair {
			if pair[i], err = parseColour(m[2+i]); err != nil {
				t.Fatalf("--%s: %v", m[1], err)
			}
		}
		found[m[1]] = pair
	}
	return found
}

// need returns a token, which must exist.
func need(t *testing.T, all map[string][2]rgb, name string) [2]rgb {
	t.Helper()
	c, ok := all[name]
	if !ok {
		t.Fatalf("10-tokens.css has no colour --%s", name)
	}
	return c
}

var themeNames = [...]string{"light", "dark"}

// The sets whose members stand side by side.
var markSets = map[string][]string{
	"sleep":    {"deep", "light-sleep", "rem", "awake"},
	"stress":   {"rest", "low", "medium", "high"},
	"delivery": {"ok", "late", "down", "none", "running"},
	"series":   {"heart", "blue", "green", "amber", "purple"},
}

func TestTextIsReadableOnEveryGround(t *testing.T) {
	t.Parallel()
	all := tokens(t)
	for _, ink := range []string{"ink", "muted", "accent", "error-ink"} {
		for _, ground := range []string{"page", "surface", "raised"} {
			for i, theme := range themeNames {
				if got := contrast(need(t, all, ink)[i], need(t, all, ground)[i]); got < 4.5 {
					t.Errorf("%s: --%s on --%s is %.2f:1", theme, ink, ground, got)
				}
			}
		}
	}
	for i, theme := range themeNames {
		if got := contrast(need(t, all, "on-accent")[i], need(t, all, "accent")[i]); got < 4.5 {
			t.Errorf("%s: text on the accent is %.2f:1", theme, got)
		}
	}
}

func TestMarksStandOutFromTheirGround(t *testing.T) {
	t.Parallel()
	all := tokens(t)
	for set, names := range markSets {
		for _, name := range append(names, "edge") {
			for i, theme := range themeNames {
				if got := contrast(need(t, all, name)[i], need(t, all, "surface")[i]); got < 3 {
					t.Errorf("%s, %s: --%s on the surface is %.2f:1", set, theme, name, got)
				}
			}
		}
	}
}

// TestMarksAreToldApart also with a colour-vision deficiency of full severity.
func TestMarksAreToldApart(t *testing.T) {
	t.Parallel()
	all := tokens(t)
	for set, names := range markSets {
		for i, theme := range themeNames {
			for sight, matrix := range sights {
				for k, a := range names {
					for _, b := range names[k+1:] {
						got := deltaE(need(t, all, a)[i].seen(matrix).lab(), need(t, all, b)[i].seen(matrix).lab())
						if got < 14 {
							t.Errorf("%s, %s, %s: --%s and --%s are %.1f apart", set, theme, sight, a, b, got)
						}
					}
				}
			}
		}
	}
}

// TestDistanceOfColours holds deltaE to the pairs that its authors published
// (Sharma, Wu and Dalal 2005).
func TestDistanceOfColours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p, q lab
		want float64
	}{
		{lab{50, 2.6772, -79.7751}, lab{50, 0, -82.7485}, 2.0425},
		{lab{50, -1.3802, -84.2814}, lab{50, 0, -82.7485}, 1.0000},
		{lab{50, 2.5, 0}, lab{61, -5, 29}, 22.8977},
		{lab{50, 2.5, 0}, lab{73, 25, -18}, 27.1492},
		{lab{2.0776, 0.0795, -1.1350}, lab{0.9033, -0.0636, -0.5514}, 0.9082},
	} {
		if got := deltaE(c.p, c.q); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("deltaE(%v, %v) = %.4f, want %.4f", c.p, c.q, got, c.want)
		}
	}
}
