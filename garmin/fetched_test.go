package garmin_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"garner/garmin"
)

func TestWhatIsFetchedBecomesABodyOfItsTypeByteForByte(t *testing.T) {
	t.Parallel()
	about := garmin.Fetched{UserID: `a"b`, From: 1795154000, To: 1795154400, Ping: "7/0"}
	const list = ` [ {"summaryId":"x","steps":1.0} ] `
	if !garmin.IsList([]byte(list)) {
		t.Error("not a list")
	}
	before, after := about.List(garmin.Dailies)
	body := before + list + after
	items := split(t, body, "")
	if len(items) != 1 || items[0].Type != garmin.Dailies || items[0].UserID != `a"b` || items[0].UploadEnd != 1795154400 {
		t.Errorf("%s: %+v", body, items)
	}
	if outer, err := garmin.FindOuter(strings.NewReader(body), roomy); err != nil || outer.Ping != "7/0" {
		t.Errorf("%+v, %v", outer, err)
	}
	for _, other := range []string{"", "{}", `{"dailies":[]}`, "[", "[]x", "[][]", "<html>"} {
		if garmin.IsList([]byte(other)) {
			t.Errorf("%q is a list", other)
		}
	}
}

func TestAFileIsSeparatedFromWhatAnnouncedIt(t *testing.T) {
	t.Parallel()
	const content = "\n{not JSON}\x00\n"
	body := garmin.Fetched{UserID: "a", Ping: "7/0"}.File(`{"summaryId":"1-file"}`) + content
	head, rest, err := garmin.SplitFile(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(rest); err != nil || string(got) != content {
		t.Errorf("%q, %v", got, err)
	}
	if items := split(t, string(head), ""); len(items) != 1 || items[0].Type != garmin.ActivityFiles || items[0].UserID != "a" {
		t.Errorf("%s: %+v", head, items)
	}
	var unreadable *garmin.UnreadableError
	for _, body := range []string{"", "{", strings.Repeat("x", 3<<20)} {
		if _, _, err := garmin.SplitFile(strings.NewReader(body)); !errors.As(err, &unreadable) {
			t.Errorf("%d bytes: %v", len(body), err)
		}
	}
}
