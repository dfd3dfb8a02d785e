package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/health/alert"
	"garner/jobs/watch"
	"garner/server"
	"garner/server/servertest"
)

func TestMetricsSayWhenCertificatesEnd(t *testing.T) {
	t.Parallel()
	end := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	s := servertest.Open(t, servertest.Limits(), func(opts *server.Options) {
		opts.Watch.(*watch.Watch).Certificates = func() []alert.Certificate {
			return []alert.Certificate{{Name: "garner.example.org", NotAfter: end},
				{Name: "none.example.org", Missing: end}}
		}
	})
	page := s.Page("/metrics")
	want := fmt.Sprintf(`garner_certificate_expiry_timestamp_seconds{name="garner.example.org"} %v`, float64(end.Unix()))
	if !strings.Contains(page, want) || strings.Contains(page, "none.example.org") {
		t.Errorf("%q is missing, or a certificate that is not there has an end", want)
	}
}
