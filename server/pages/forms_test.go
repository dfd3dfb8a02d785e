package pages_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"garner/server/servertest"
)

func TestAFormIsReadNoFurtherThanFormsAreLong(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	plain, parts := "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	for _, part := range []struct {
		kind, head string
		status     int
	}{
		{plain, "theme=dark&more=", http.StatusRequestEntityTooLarge},
		{plain, "theme=dark&more=%zz", http.StatusBadRequest},
		{parts, "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n", http.StatusSeeOther},
	} {
		body := &counted{r: io.MultiReader(strings.NewReader(part.head), io.LimitReader(letters{}, 8<<20))}
		if part.status == http.StatusBadRequest {
			body.r = strings.NewReader(part.head)
		}
		w := s.Ask(http.MethodPost, "/theme", func(r *http.Request) {
			r.Body = io.NopCloser(body)
			r.Header.Set("Content-Type", part.kind)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		})
		if w.Code != part.status || body.n > 128<<10 {
			t.Errorf("%s %.20s: %d after %d bytes", part.kind, part.head, w.Code, body.n)
		}
		for _, c := range w.Result().Cookies() {
			if c.Value == "dark" {
				t.Errorf("%s: a part of the form was taken", part.kind)
			}
		}
	}
}

// letters is an endless text.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestALinkOfAnotherSitePutsNoMessageOnAPage(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for site, shown := range map[string]bool{"same-origin": true, "": true, "cross-site": false, "same-site": false,
		"none": false} {
		for _, path := range []string{"/settings?flash=Call-us", "/alerts?flash=Call-us", "/alerts?failed=Call-us",
			"/people?added=Call-us", "/people?flash=Call-us", "/settings/box?flash=Call-us", "/setup/source?failed=Call-us",
			"/p/ada/sync?flash=Call-us"} {
			w := s.Ask(http.MethodGet, path, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", site) })
			message, _, _ := strings.Cut(w.Body.String(), `name="back"`) // which repeats the address
			if strings.Contains(message, "Call-us") != shown || w.Code != http.StatusOK {
				t.Errorf("%s from %q: %d, shown is not %v", path, site, w.Code, shown)
			}
		}
	}
}
