package pages

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"garner/db"
	"garner/query"
)

// activityFile is GET /p/{slug}/files/{id}: a file that a device recorded, as Garmin gave it.
func (s *Site) activityFile(r *http.Request, q *query.Reader, person *db.Person) (sent, error) {
	f, err := q.ActivityFile(r.Context(), person.ID, pathID(r))
	if err != nil {
		return sent{}, err
	}
	content, err := s.Files.Open(person.ID, f.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		err = db.ErrNotFound
	}
	if err != nil {
		return sent{}, err
	}
	return sent{"application/octet-stream", fileName(person.Slug, f), func(out io.Writer) error {
		_, err := io.Copy(out, content)
		return err
	}, &original{f.Size, content.Close}}, nil
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
