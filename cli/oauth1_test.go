package cli

import (
	"strings"
	"testing"
	"time"

	"garner/jobs/connect"
)

func TestPeopleOfAnotherSystemAreReadFromWhatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()
	want := connect.Brought{Name: "Ada, the first", UserID: "u1", Token: "t1", Secret: "s1"}
	for name, text := range map[string]string{
		"plain":            "name,user_id,token,secret\n\"Ada, the first\",u1,t1,s1\n",
		"CRLF":             "name,user_id,token,secret\r\n\"Ada, the first\",u1,t1,s1\r\n",
		"a byte order":     "\ufeffname,user_id,token,secret\n\"Ada, the first\",u1,t1,s1",
		"all quoted":       "\ufeff\"name\",\"user_id\",\"token\",\"secret\"\r\n\"Ada, the first\",\"u1\",\"t1\",\"s1\"\r\n",
		"spaces and lines": "name, user_id, token , secret\n\n \"Ada, the first\", u1 , t1 , s1 \n\n",
	} {
		got, err := readBrought(strings.NewReader(text))
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAFileOfPeopleIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	const header = "name,user_id,token,secret\n"
	for text, want := range map[string]string{
		"":                            "header",
		"name;user_id;token;secret\n": "header",
		"name,token,user_id,secret\n": "header",
		header + "Ada,,hush-1,hush-2\nADA ,,hush-3,hush-4\n": "line 3: the name of line 2 again",
		header + "Ada,,hush-1,\n":                            "line 2: a token and its secret",
		header + " ,,hush-1,hush-2\n":                        "line 2: ",
		header + "Ada,,hush-1\n":                             "line 2",
		header + "Ada,\"hush-1,hush-2,\n":                    "line 2",
	} {
		people, err := readBrought(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") || people != nil {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestCheckSaysWhereOAuth1IsOnThatItEnds(t *testing.T) {
	t.Parallel()
	const secret = "GARNER_OAUTH1_CONSUMER_SECRET=hush"
	before, after := time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		env  []string
		now  time.Time
		mark mark
		text string
	}{
		{[]string{secret}, before, unset, "OAuth 1 is on"},
		{[]string{secret, "GARNER_OAUTH1=sign-in"}, before, unset, "people sign in by OAuth 1"},
		{[]string{secret}, after, bad, "must connect again"},
		{[]string{"GARNER_OAUTH1=sign-in"}, before, bad, "CONSUMER_SECRET as well"},
		{[]string{secret, "GARNER_OAUTH1=yes"}, before, bad, "must be sign-in"},
		{[]string{"GARNER_OAUTH1_CONSUMER_SECRET_FILE=/does/not/exist"}, before, bad, "CONSUMER_SECRET_FILE"},
	} {
		got := oauth1Findings(c.env, c.now)
		if len(got) != 1 || got[0].mark != c.mark || !strings.Contains(got[0].text, c.text) ||
			strings.Contains(got[0].text, "hush") {
			t.Errorf("%v at %v: %+v", c.env, c.now, got)
		}
	}
	if got := oauth1Findings(nil, after); got != nil {
		t.Errorf("off: %+v", got)
	}
}
