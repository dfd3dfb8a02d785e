package e2e

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"garner/e2e/box"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// screens is where pictures of the main pages are put, for docs/screens.
var screens = flag.String("screens", "", "folder for pictures of the main pages of a demo")

// screenDays is how much past the demo of the pictures has.
const screenDays = 400

// pictured are the main pages, by the name of their picture.
var pictured = map[string]string{
	"home": "/", "day": "/p/ada-lindqvist/day", "lanes": "/p/ada-lindqvist/day#ribbon-title",
	"sleep": "/p/ada-lindqvist/sleep", "heart": "/p/ada-lindqvist/heart", "stress": "/p/ada-lindqvist/stress",
	"breathing": "/p/ada-lindqvist/breathing", "body": "/p/ada-lindqvist/body", "trends": "/p/ada-lindqvist/trends",
	"calendar": "/p/ada-lindqvist/calendar", "activities": "/p/ben-okafor-lind/activities",
	"coverage": "/p/ada-lindqvist/coverage", "sync": "/sync", "help": "/help",
}

// TestScreens takes a picture of the first screen of each main page of a demo that is
// always the same, but for the date: on a phone and on a desk, in both themes.
func TestScreens(t *testing.T) {
	if *screens == "" {
		t.Skip("takes pictures only; run it with make screens")
	}
	if err := os.MkdirAll(*screens, 0o750); err != nil {
		t.Fatal(err)
	}
	addr, ctx := startDemo(t, screenDays, 1), box.Browser(t)
	for _, theme := range []string{"light", "dark"} {
		emulate(t, ctx, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		for width, height := range map[int64]int64{390: 844, 1280: 900} {
			for name, path := range pictured {
				resp, err := chromedp.RunResponse(ctx, chromedp.EmulateViewport(width, height),
					chromedp.Navigate("http://"+addr+path))
				if err != nil || resp.Status != http.StatusOK {
					t.Errorf("%s: %+v, %v", path, resp, err)
					continue
				}
				png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(*screens, fmt.Sprintf("%s-%d-%s.png", name, width, theme))
				if err := os.WriteFile(file, png, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
