package personal

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// zipOf is a ZIP of files by name, in order.
func zipOf(t *testing.T, files ...[2]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, file := range files {
		w, err := z.Create(file[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, file[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheFileOfAnActivityIsTakenOutOfItsZIP(t *testing.T) {
	t.Parallel()
	var many [][2]string
	for i := range mostEntries + 1 {
		many = append(many, [2]string{fmt.Sprint(i, ".fit"), "x"})
	}
	bare := "\x0e\x10\x00\x00\x00\x00\x00\x00.FIT\x00\x00"
	whole := zipOf(t, [2]string{"a.fit", strings.Repeat("samples", 100)})
	for name, tt := range map[string]struct {
		raw           []byte
		kind, content string
		fault         string
	}{
		"one file":       {zipOf(t, [2]string{"77_ACTIVITY.fit", bare}), "FIT", bare, ""},
		"in a folder":    {zipOf(t, [2]string{"notes.txt", "x"}, [2]string{"a/77.FIT", "fit"}), "FIT", "fit", ""},
		"FIT first":      {zipOf(t, [2]string{"77.gpx", "gpx"}, [2]string{"77.fit", "fit"}), "FIT", "fit", ""},
		"from an upload": {zipOf(t, [2]string{"77.tcx", "tcx"}), "TCX", "tcx", ""},
		"without a ZIP":  {[]byte(bare), "FIT", bare, ""},
		"no activity":    {zipOf(t, [2]string{"notes.txt", "x"}), "", "", "has no file of an activity"},
		"too many":       {zipOf(t, many...), "", "", "has more than 100 files"},
		"cut off":        {whole[:len(whole)/2], "", "", "is a ZIP that is damaged"},
		"too large": {zipOf(t, [2]string{"a.fit", strings.Repeat("\x00", mostUnzipped+1)}), "", "",
			"has a file of more than 32 MiB"},
	} {
		got, err := File(tt.raw)
		if tt.fault != "" {
			if err == nil || err.Error() != tt.fault {
				t.Errorf("%s: %v, want %s", name, err, tt.fault)
			}
			continue
		}
		if err != nil || got.Type != tt.kind || string(got.Content) != tt.content {
			t.Errorf("%s: %s %q, %v", name, got.Type, got.Content, err)
		}
	}
}
