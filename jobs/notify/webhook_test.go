package notify

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestAWebhookIsSignedSoThatItsReceiverCanTell(t *testing.T) {
	t.Parallel()
	address, requests := asked(t, ok)
	answer, err := Webhook{URL: address, Secret: secret}.Send(t.Context(), notice())
	if err != nil || answer != "200 OK fine" {
		t.Fatalf("%q, %v", answer, err)
	}
	r := (*requests)[0]
	body := sent(t, r)
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := wh.Verify([]byte(body), r.Header); err != nil {
		t.Errorf("its own library: %v", err)
	}
	if err := wh.Verify([]byte(body+" "), r.Header); err == nil {
		t.Error("another body passes as well")
	}
	var got struct {
		Type      string         `json:"type"`
		Timestamp time.Time      `json:"timestamp"`
		Data      map[string]any `json:"data"`
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.Type != "incident.opened" ||
		!got.Timestamp.Equal(written) || got.Data["id"] != 12.0 {
		t.Errorf("%s, %v", body, err)
	}
	if r.Header.Get("webhook-id") != "e12openedt1" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%v", r.Header)
	}
}

func TestANoticeThatIsTriedDaysLaterIsNotTakenForAReplay(t *testing.T) {
	t.Parallel()
	w := Webhook{URL: "https://example.org/hook", Secret: secret}
	now := written.Add(47 * time.Hour)
	r, err := w.request(t.Context(), notice(), now)
	if err != nil {
		t.Fatal(err)
	}
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := wh.VerifyIgnoringTimestamp([]byte(sent(t, r)), r.Header); err != nil ||
		r.Header.Get("webhook-timestamp") != strconv.FormatInt(now.Unix(), 10) {
		t.Errorf("%s, %v", r.Header.Get("webhook-timestamp"), err)
	}
}

func TestANoticeWithoutAProperIDIsNotSent(t *testing.T) {
	t.Parallel()
	address, requests := asked(t, ok)
	s := newServer(t, temper{})
	for _, id := range []string{"", "a.b", "a\r\nBcc: x", "ü", "a b", "a>"} {
		n := notice()
		n.ID = id
		for _, channel := range []Channel{Webhook{URL: address, Secret: secret}, s.mail()} {
			if _, err := channel.Send(t.Context(), n); err == nil {
				t.Errorf("%q passes", id)
			}
		}
	}
	if len(*requests)+len(s.mails()) != 0 {
		t.Error("something was sent")
	}
}
