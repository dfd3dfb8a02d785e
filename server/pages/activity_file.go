package pages

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"garner/db"
)

// activityFile is the download of a file that a device recorded, as Garmin gave it.
func (s *Site) activityFile(w http.ResponseWriter, r *http.Request) {
	person, err := s.person(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f, err := s.reader(r, time.Now()).ActivityFile(r.Context(), person.ID, pathID(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	content, err := s.Files.Open(person.ID, f.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		err = db.ErrNotFound
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer content.Close() //nolint:errcheck // it was only read
	name := fileName(person.Slug, f)
	s.auditOthers(r, db.ActionExported, []int64{person.ID}, name)
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", "sandbox")
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	s.stream(w, r, func(out io.Writer) error {
		_, err := io.Copy(out, content)
		return err
	})
}

// fileName has only letters, digits and what a file name needs.
func fileName(slug string, f db.File) string {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
				return r
			}
			return -1
		}, strings.ToLower(s))
	}
	return fmt.Sprintf("%s_activity_%s.%s", plain(slug), plain(f.Activity), plain(f.Kind))
}
