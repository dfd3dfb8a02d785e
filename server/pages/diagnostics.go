package pages

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// diagnosticsPath is that of the download.
const diagnosticsPath = boxPath + "/diagnostics.json"

// diagnostics sends what helps to find a fault.
func (s *Site) diagnostics(w http.ResponseWriter, r *http.Request) {
	d, err := s.reader(r, time.Now()).Diagnose(r.Context(), s.Version, s.Config.Public())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="garner-diagnostics.json"`)
	s.stream(w, r, func(out io.Writer) error {
		to := json.NewEncoder(out)
		to.SetIndent("", "  ")
		return to.Encode(d)
	})
}
