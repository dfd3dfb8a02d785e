package garmin_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"garner/garmin"
	"garner/garmin/element"
)

// told words items in short: key, type known or not, place, and what is wrong.
func told(it garmin.Item) string {
	s := fmt.Sprintf("%s[%d]", it.Key, it.Index)
	if it.Type == nil {
		s += " unknown"
	}
	if it.UserID+it.Token != "" {
		s += " of " + it.UserID + it.Token
	}
	if it.CallbackURL != "" {
		s += " ping"
	}
	if it.Err != nil {
		s += ": " + it.Err.Error()
		if errors.Is(it.Err, element.ErrLimit) {
			s = s[:strings.IndexByte(s, ':')] + " over a limit"
		}
	}
	if it.Count > 0 {
		s += fmt.Sprintf(" x%d", it.Count)
	}
	return s
}

func TestSplitReadsEveryShapeOfBody(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body, hint string
		want       []string
		err        string
	}{
		"one key": {body: `{"dailies":[{"userId":"a"},{"userId":"b"}]}`,
			want: []string{"dailies[0] of a", "dailies[1] of b"}},
		"several keys": {body: `{"hrv":[{"userId":"a"}],"sleeps":[{"userId":"a"}]}`,
			want: []string{"hrv[0] of a", "sleeps[0] of a"}},
		"a repeated key": {body: `{"hrv":[{"userId":"a"}],"hrv":[{"userId":"b"}]}`,
			want: []string{"hrv[0] of a", "hrv[0] of b"}},
		"a byte order mark": {body: "\ufeff" + `{"hrv":[{"userId":"a"}]}`, want: []string{"hrv[0] of a"}},
		"white space":       {body: " \r\n{ \"hrv\" :\n[ {\"userId\" : \"a\"} ] } \n", want: []string{"hrv[0] of a"}},
		"a numeric user id": {body: `{"hrv":[{"userId":17}]}`, want: []string{"hrv[0] of 17"}},
		"a token only":      {body: `{"hrv":[{"userAccessToken":"t","userId":null}]}`, want: []string{"hrv[0] of t"}},
		"a token of null":   {body: `{"hrv":[{"userAccessToken":null,"x":1}]}`, want: []string{"hrv[0]"}},
		"push and ping mixed": {body: `{"hrv":[{"userId":"a","callbackURL":"https://x"},{"userId":"a","callbackURL":null}]}`,
			want: []string{"hrv[0] of a ping", "hrv[1] of a"}},
		"an unknown key": {body: `{"solarIntensity":[{"userId":"a"}]}`,
			want: []string{"solarIntensity[0] unknown of a"}},
		"the old key of files": {body: `{"file":[{"userId":"a"}]}`, want: []string{"activityFiles[0] of a"}},
		"a key in other case": {body: `{"pulseOx":[{"userId":"a"}],"MOVEIQ":[{"userId":"a"}]}`,
			want: []string{"pulseox[0] of a", "moveIQActivities[0] of a"}},
		"a single object":   {body: `{"hrv":{"userId":"a"}}`, want: []string{"hrv[0] of a"}},
		"null for an array": {body: `{"hrv":null,"sleeps":[{"userId":"a"}]}`, want: []string{"sleeps[0] of a"}},
		"a scalar for an array": {body: `{"hrv":7,"sleeps":[{"userId":"a"}]}`,
			want: []string{"hrv[0]: not an array of elements", "sleeps[0] of a"}},
		"elements of other kind": {body: `{"hrv":[1,"x",null,[],{},{"userId":"a"}]}`,
			want: []string{"hrv[0]: not an object", "hrv[1]: not an object", "hrv[2]: not an object", "hrv[3]: not an object",
				"hrv[4]: an empty object", "hrv[5] of a"}},
		"a bare array":          {body: `[{"summaryId":"x"}]`, hint: "respiration", want: []string{"allDayRespiration[0]"}},
		"a bare array, no hint": {body: `[{"summaryId":"x"}]`, want: []string{"[0] unknown"}},
		"a bare element": {body: `{"summaryId":"x","naps":[{"a":1}],"userId":"a"}`, hint: "sleeps",
			want: []string{"sleeps[0] of a"}},
		"a key beats the hint": {body: `{"userId":"a","hrv":[{"userId":"b"},{"x":1}]}`, hint: "sleeps",
			want: []string{"hrv[0] of b", "hrv[1] of a"}},
		"no elements": {body: `{"hrv":[]}`},
		"nothing":     {body: `{}`, hint: "hrv"},
		"empty":       {body: ``, err: "at byte 0: the body ends too soon"},
		"not JSON":    {body: `hello`, err: "at byte 0: not JSON"},
		"a scalar":    {body: `"dailies"`, err: "at byte 9: neither an object nor an array"},
		"two values":  {body: `{"hrv":[]} {"hrv":[]}`, err: "at byte 12: more than one value"},
		"cut in an array": {body: `{"hrv":[{"userId":"a"},{"userId":`, want: []string{"hrv[0] of a"},
			err: "at byte 32: the body ends too soon"},
		"broken in an element": {body: `{"hrv":[{"userId":"a"},{"userId":x}]}`, want: []string{"hrv[0] of a"},
			err: "at byte 32: not JSON"},
		"broken after a mark": {body: "\ufeff" + `{"hrv":[x]}`, err: "at byte 11: not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range []io.Reader{strings.NewReader(tt.body), iotest.OneByteReader(strings.NewReader(tt.body))} {
				var got []string
				err := garmin.Split(r, tt.hint, roomy, func(it garmin.Item) error {
					got = append(got, told(it))
					return nil
				})
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				text := ""
				if err != nil {
					text = err.Error()
				}
				if text != tt.err {
					t.Errorf("want error %q, got %q", tt.err, text)
				}
			}
		})
	}
}

func TestErrorsOfReaderAndCallerComeBackAsTheyAre(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk")
	r := io.MultiReader(strings.NewReader(`{"hrv":[{"userId":"a"},{"us`), iotest.ErrReader(disk))
	n := 0
	err := garmin.Split(r, "hrv", roomy, func(garmin.Item) error { n++; return nil })
	if !errors.Is(err, disk) || n != 1 {
		t.Errorf("want the reader's error after 1 item, got %v after %d", err, n)
	}
	mine := errors.New("mine")
	err = garmin.Split(strings.NewReader(`{"hrv":[{"userId":"a"},{"userId":"a"}]}`), "", roomy,
		func(garmin.Item) error { return mine })
	if err != mine {
		t.Errorf("want the caller's error, got %v", err)
	}
}

func TestAnElementOverTheLimitDoesNotHoldItsNeighbours(t *testing.T) {
	t.Parallel()
	lim := garmin.Limits{Depth: 5, ElementBytes: 4 << 10, Elements: 100}
	body := `{"hrv":[{"userId":"a"},{"userId":"b","x":"` + strings.Repeat("y", 10_000) +
		`"},{"userId":"c","x":[[[[[[1]]]]]]},{"userId":"d"}]}`
	var got []string
	if err := garmin.Split(strings.NewReader(body), "", lim, func(it garmin.Item) error {
		got = append(got, told(it))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{"hrv[0] of a", "hrv[1] over a limit", "hrv[2] over a limit", "hrv[3] of d"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
