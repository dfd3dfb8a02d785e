package pages

import (
	"context"
	"net/http"
	"net/url"

	"garner/query"
	"garner/server/selftest"
	"garner/ui"
)

// setUpAddressTest tests the public address and shows what Garmin will see.
func (s *Site) setUpAddressTest(r *http.Request) (answer, error) {
	if s.Demo {
		return answer{}, errDemo
	}
	b, err := s.box(r)
	if err != nil {
		return answer{}, err
	}
	if b.cfg.PublicURL == "" {
		return answer{}, badRequest("No public address is set.")
	}
	report := selftest.Run(r.Context(), selftest.Options{URL: b.cfg.PublicURL, Roots: s.Roots, Probe: s.Prober.New()})
	return s.setUpView(r, query.StepAddress, func(v *ui.SetUpView) {
		for _, line := range report.Lines {
			v.Test = append(v.Test, ui.TestLine{Test: string(line.Test), State: testStates[line.State], What: line.What,
				Do: line.Do})
		}
	}, http.StatusOK)
}

var testStates = map[selftest.State]ui.Status{selftest.OK: ui.OK, selftest.Failed: ui.Down, selftest.Warning: ui.Late,
	selftest.Skipped: ui.NoData}

// setUpMailTest sends a test and shows what the server answered.
func (s *Site) setUpMailTest(r *http.Request) (answer, error) {
	if s.Demo {
		return answer{}, errDemo
	}
	b, err := s.box(r)
	if err != nil {
		return answer{}, err
	}
	if b.cfg.Mail.Host == "" {
		return answer{}, badRequest("No mail server is set.")
	}
	return redirect(stepURL(query.StepMail) + "?" + s.test(r.Context(), "mail").Encode())
}

// test sends a test by a channel. It returns what was answered, for the address of a
// page.
func (s *Site) test(ctx context.Context, channel string) url.Values {
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	reply, err := s.Watch.Test(ctx, channel)
	if err != nil {
		return url.Values{"failed": {"The test by " + channel + " failed: " + err.Error()}}
	}
	return url.Values{"flash": {"A test was sent by " + channel + ". The server answered: " + reply}}
}
