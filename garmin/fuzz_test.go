package garmin_test

import (
	"errors"
	"strings"
	"testing"

	"garner/garmin"
)

// FuzzSplit reads any body under any hint: it never panics, stays within its
// limits, and tells of no more faults one by one than it says.
func FuzzSplit(f *testing.F) {
	for _, typ := range garmin.Types {
		f.Add(sample(f, typ.Key), typ.Pull)
	}
	f.Add(`[{"summaryId":"x"}]`, "respiration")
	f.Add("\ufeff"+`{"userId":"a","hrv":5}`, "hrv")
	f.Add(`{"hrv":[{},[],1,{"userId":"a"},{"x":[[[[[[[[1]]]]]]]]}],"x":{"y":null}} `, "")
	lim := garmin.Limits{Depth: 6, ElementBytes: 64 << 10, Elements: 1000}
	f.Fuzz(func(t *testing.T, body, hint string) {
		n := 0
		err := garmin.Split(strings.NewReader(body), hint, lim, func(it garmin.Item) error {
			n++
			if it.Err == nil && it.Value.Len() == 0 || it.Err != nil && it.Value.Len() > 0 {
				t.Errorf("item %+v", it)
			}
			if it.Err == nil && it.Type != nil {
				exercise(t, it.Type, it.Value)
			}
			return nil
		})
		var unreadable *garmin.UnreadableError
		if err != nil && (!errors.As(err, &unreadable) || unreadable.Offset < 0 || unreadable.Offset > int64(len(body))) {
			t.Errorf("error %v of %d bytes", err, len(body))
		}
		if n > lim.Elements+1 {
			t.Errorf("%d items", n)
		}
	})
}

// FuzzDecode reads any element as any type, as it came and as it was packed.
func FuzzDecode(f *testing.F) {
	for i, typ := range garmin.Types {
		for _, it := range split(f, sample(f, typ.Key), "") {
			f.Add(uint8(i), string(it.Value.AppendJSON(nil)))
		}
	}
	f.Fuzz(func(t *testing.T, at uint8, text string) {
		typ := garmin.Types[int(at)%len(garmin.Types)]
		err := garmin.Split(strings.NewReader(`[`+text+`]`), typ.Key, roomy, func(it garmin.Item) error {
			if it.Err == nil {
				exercise(t, typ, it.Value)
			}
			return nil
		})
		var unreadable *garmin.UnreadableError
		if err != nil && !errors.As(err, &unreadable) {
			t.Error(err)
		}
	})
}
