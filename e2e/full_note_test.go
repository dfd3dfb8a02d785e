package e2e

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"garner/e2e/box"
	"garner/ui"
)

// What was typed is still in its field on the page that says that the disk is full.
func TestANoteThatMeetsAFullDiskStaysInItsField(t *testing.T) {
	t.Parallel()
	world, list := box.Household(1, 3)
	d := newDisk(t, "40M")
	box.AddPeople(t, d.data(), world)
	b := box.Start(t, d.data(), box.Options{})
	b.Push(list)
	b.Drained()
	client := *b.Reader()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if err := fill(filepath.Join(d.mount, "ballast")); err != nil {
		t.Fatal(err)
	}
	const day = "/p/ada-lindqvist/day/2026-11-19"
	// The first notes may find room in the log that is there.
	for i := 0; ; i++ {
		text := strings.Repeat("ill ", 40) + strings.Repeat("!", i%20+1)
		resp, err := client.PostForm("http://"+b.Addr+day+"/note", url.Values{"note": {text}})
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode == http.StatusSeeOther && i < 3000 {
			continue
		}
		if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(page), `value="`+text+`"`) ||
			!strings.Contains(string(page), ui.NoteDiskFull) {
			t.Errorf("note %d: status %d; the text or the reason is not there", i, resp.StatusCode)
		}
		return
	}
}
