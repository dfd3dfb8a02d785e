package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"

	"github.com/emersion/go-smtp"
)

// sink is a real SMTP server that takes everything.
type sink struct {
	addr string
	mu   sync.Mutex
	got  []received
	news chan struct{}
	// taken, where not nil, is called with a mail in hand, before it is answered.
	taken func()
}

// received is one mail as it came.
type received struct {
	subject, text, id string
}

func newSink(t *testing.T) *sink {
	t.Helper()
	return newSinkAt(t, "127.0.0.1:0")
}

func newSinkAt(t *testing.T, addr string) *sink {
	t.Helper()
	s := &sink{news: make(chan struct{}, 1000)}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{s}, nil }))
	server.Domain = "localhost"
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	go server.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { server.Close() })
	return s
}

type session struct{ s *sink }

func (*session) Reset()                               {}
func (*session) Logout() error                        { return nil }
func (*session) Mail(string, *smtp.MailOptions) error { return nil }
func (*session) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (x *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		return err
	}
	x.s.mu.Lock()
	x.s.got = append(x.s.got, received{subject, string(raw), msg.Header.Get("Message-Id")})
	taken := x.s.taken
	x.s.mu.Unlock()
	x.s.news <- struct{}{}
	if taken != nil {
		taken()
	}
	return nil
}

func (s *sink) mails() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.got...)
}

// waits until so many mails have come.
func (s *sink) wait(t *testing.T, n int, what string) []received {
	t.Helper()
	for end := time.After(time.Minute); ; {
		if got := s.mails(); len(got) >= n {
			return got
		}
		select {
		case <-s.news:
		case <-end:
			t.Fatalf("%s: %d mails came, want %d:\n%v", what, len(s.mails()), n, s.mails())
		}
	}
}

// mailing are the settings that make a box mail to a sink and judge in
// seconds.
func (s *sink) mailing() []string {
	host, port, _ := strings.Cut(s.addr, ":")
	return []string{"GARNER_MAIL_HOST=" + host, "GARNER_MAIL_PORT=" + port, "GARNER_MAIL_FROM=garner@example.org",
		"GARNER_MAIL_TO=admin@example.org",
		"GARNER_ALERTS_PERSON_SILENT_AFTER=5s", "GARNER_ALERTS_GRACE=0s", "GARNER_ALERTS_CHECK_EVERY=1s"}
}

// alive pushes a daily summary that reaches now.
func alive(t *testing.T, b *box.Box, client *http.Client, user string, n int) {
	t.Helper()
	now := time.Now().UTC()
	body := fmt.Sprintf(`{"dailies":[{"userId":%q,"summaryId":"s%d","calendarDate":%q,"startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"steps":%d}]}`,
		user, n, now.Format(time.DateOnly), now.Truncate(24*time.Hour).Unix(),
		int(now.Sub(now.Truncate(24*time.Hour)).Seconds()), n)
	if status, err := box.Post(client, b.Addr, "dailies", []byte(body)); status != http.StatusOK || err != nil {
		t.Fatalf("push: %d, %v", status, err)
	}
}

func TestOneMailNamesWhoFellSilentAndOneMoreSaysThatDataComeAgain(t *testing.T) {
	t.Parallel()
	inbox := newSink(t)
	dir := t.TempDir()
	box.Run(t, dir, "person", "add", "--name", "Ada Quietly", "--garmin-user-id", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	box.Run(t, dir, "person", "add", "--name", "Ben Steadily", "--garmin-user-id", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
	b := box.Start(t, dir, box.Options{Env: inbox.mailing()})
	client := box.NewClient()
	const ada, ben = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	alive(t, b, client, ada, 1)
	steady := func(until func() bool) {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for n, end := 1, time.Now().Add(time.Minute); !until() && time.Now().Before(end); n++ {
			alive(t, b, client, ben, n)
			<-tick.C
		}
	}
	steady(func() bool { return len(inbox.mails()) > 0 })
	first := inbox.wait(t, 1, "Ada fell silent")[0]
	if !strings.Contains(first.subject, "Ada Quietly") || strings.Contains(first.subject+first.text, "Steadily") {
		t.Errorf("the mail:\n%s\n%s", first.subject, first.text)
	}
	alive(t, b, client, ada, 2)
	n := 0
	steady(func() bool { n++; return len(inbox.mails()) > 1 && n > 8 })
	got := inbox.wait(t, 2, "Ada is back")
	if second := got[1]; !strings.HasPrefix(second.subject, "[Garner] Over: ") ||
		!strings.Contains(second.subject, "Ada Quietly") || second.id == first.id {
		t.Errorf("the second mail: %s %s", second.subject, second.id)
	}
	if len(got) != 2 {
		t.Errorf("%d mails came: %v", len(got), got)
	}
}

func TestACrashBeforeTheAnswerToAMailMakesAtMostOneDuplicateUnderTheSameID(t *testing.T) {
	t.Parallel()
	inbox := newSink(t)
	dir := t.TempDir()
	box.Run(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	b := box.Start(t, dir, box.Options{Env: inbox.mailing()})
	var once sync.Once
	inbox.mu.Lock()
	inbox.taken = func() { once.Do(b.Kill) }
	inbox.mu.Unlock()
	alive(t, b, box.NewClient(), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1)
	inbox.wait(t, 1, "Ada fell silent")
	if err := b.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	again := box.Start(t, dir, box.Options{Env: inbox.mailing()})
	got := inbox.wait(t, 2, "the mail is sent again")
	if got[0].id != got[1].id || got[0].id == "" || got[0].subject != got[1].subject {
		t.Errorf("the second is another one: %q %q", got[0], got[1])
	}
	again.Stop()
	third := box.Start(t, dir, box.Options{Env: inbox.mailing()})
	alive(t, third, box.NewClient(), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 2)
	if last := inbox.wait(t, 3, "Ada is back")[2]; !strings.Contains(last.subject, "Over: ") {
		t.Errorf("a third time: %q under %s, the first under %s\n%s\n%s\n%s", last.subject, last.id, got[0].id,
			last.text, again.Log, third.Log)
	}
}

func TestAMailServerThatIsDownLosesNoNoticeAndTwentyPeopleMakeNoStorm(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := &sink{addr: l.Addr().String()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var users []string
	for i := range 20 {
		users = append(users, fmt.Sprintf("%032x", i+1))
		box.Run(t, dir, "person", "add", "--name", fmt.Sprintf("Person %c", 'A'+i), "--garmin-user-id", users[i])
	}
	client := box.NewClient()
	b := box.Start(t, dir, box.Options{Env: down.mailing()})
	for _, user := range users {
		alive(t, b, client, user, 1)
	}
	b.Drained()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	keep := func(b *box.Box, rounds int) {
		for n := range rounds { // only one of them goes on
			alive(t, b, client, users[0], 100*rounds+n)
			<-tick.C
		}
	}
	for end := time.Now().Add(time.Minute); !strings.Contains(b.Log.String(), "notification not sent") &&
		time.Now().Before(end); {
		keep(b, 1)
	}
	b.Kill()
	if err := b.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	up := newSinkAt(t, down.addr)
	again := box.Start(t, dir, box.Options{Env: up.mailing()})
	keep(again, 3)
	up.wait(t, 1, "what could not be sent")
	keep(again, 20)
	all := ""
	got := up.mails()
	for _, m := range got {
		all += m.subject + m.text
	}
	if len(got) > 10 {
		t.Errorf("%d mails came", len(got))
	}
	for i := 1; i < 20; i++ {
		if name := fmt.Sprintf("Person %c", 'A'+i); !strings.Contains(all, name) {
			t.Errorf("no notification about %s", name)
		}
	}
	if strings.Contains(all, "Person A\n") || strings.Contains(all, "No data from Person A ") {
		t.Error("the one who goes on is called silent")
	}
}
