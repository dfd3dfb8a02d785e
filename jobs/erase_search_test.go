package jobs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"garner/db"
	"garner/garmin/personal"
	"garner/health"
	"garner/jobs/jobstest"
)

func TestAPersonIsFoundInBodiesHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprintf(z, `{"sleeps":[{"userId":"ada-1"}]}`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	look := newSearch(db.Names{UserIDs: []string{"ada-1"}, Tokens: [][]byte{db.TokenHash("t0k")}})
	for name, c := range map[string]struct {
		body, encoding string
		want           hit
	}{
		"alone":                 {`{"sleeps":[{"userId":"ada-1"}]}`, "", hit{true, false}},
		"with others":           {`{"sleeps":[{"userId":"ben"},{"userId":"ada-1"}]}`, "", hit{true, true}},
		"others only":           {`{"sleeps":[{"userId":"ben"}]}`, "", hit{false, true}},
		"a part of another id":  {`{"sleeps":[{"userId":"ada-12"}]}`, "", hit{false, true}},
		"beside the lists":      {`{"sleeps":[{}],"userId":"ada-1"}`, "", hit{true, false}},
		"by token":              {`{"sleeps":[{"userAccessToken": "t0k"}]}`, "", hit{true, false}},
		"escaped":               {`{"sleeps":[{"userId":"\u0061da-1"}]}`, "", hit{true, false}},
		"escaped next to lists": {`{"sleeps":[],"userId":"\u0061da-1"}`, "", hit{true, false}},
		"escaped token":         {`{"sleeps":[{"user\u0041ccessToken":"t0k"},{"userId":"ben"}]}`, "", hit{true, true}},
		"in an address":         {`{"x":[{"callbackURL":"https://h/?u=ada-1&x"}]}`, "", hit{true, false}},
		"cut":                   {`{"sleeps":[{"userId":"ada-1","x":`, "", hit{true, false}},
		"cut, with others":      {`{"sleeps":[{"userId":"ada-1","x"}{"userId":"ben"`, "", hit{true, true}},
		"packed":                {packed.String(), "gzip", hit{true, false}},
		"unknown encoding":      {`{"sleeps":[{"userId":"ada-1"}]}`, "br", hit{true, false}},
		"said to be packed":     {`{"sleeps":[{"userId":"ada-1"}]}`, "gzip", hit{true, false}},
		"at the end of a part": {`{"x":"` + strings.Repeat("y", searchStep-20) + `","userId":"ada-1"}`, "",
			hit{true, false}},
		"an answer": {`{"userId":"ada-1","endpoint":"hydration"}` + "\n" + `[{"userId":"77"}]`, personal.Encoding,
			hit{true, false}},
		"an answer about another": {`{"userId":"ben","endpoint":"hydration"}` + "\n" + `[{"userId":"ada-1"}]`,
			personal.Encoding, hit{false, true}},
		"in pieces": {`{"x":"` + strings.Repeat("y", 3<<20) + `","userId":"ada-1"}`, "", hit{true, false}},
	} {
		arrival := db.Arrival{Encoding: c.encoding}
		if c.encoding == personal.Encoding {
			arrival.Source, arrival.Path = health.Personal, personal.DeliveryPath+"hydration"
		}
		id := b.Arrive(arrival, c.body)
		d, err := b.Inbox.Delivery(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := look.delivery(t.Context(), b.Inbox.InboxReader, d); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
	}
}
