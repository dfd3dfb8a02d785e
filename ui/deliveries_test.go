package ui

import (
	"strings"
	"testing"

	"garner/query"
)

func TestTheTokenOfAPingsAddressIsNotShown(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"whole":     `{"dailies":[{"userId":"u","callbackURL":"https://apis.garmin.com/w?uploadStartTimeInSeconds=1&token=s3cret-%2B"}]}`,
		"escaped":   `{"dailies":[{"callbackURL":"https://apis.garmin.com/w?id=1\u0026token=s3cret"}]}`,
		"truncated": `{"dailies":[{"callbackURL":"https://apis.garmin.com/w?token=s3cret`,
	} {
		got := pretty(&query.Body{Text: []byte(body), Truncated: name == "truncated"})
		if strings.Contains(got, "s3cret") || !strings.Contains(got, "token=***") ||
			!strings.Contains(got, "https://apis.garmin.com/w") {
			t.Errorf("%s is shown as %s", name, got)
		}
	}
}
