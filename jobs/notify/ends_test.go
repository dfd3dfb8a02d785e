package notify

import (
	"context"
	"slices"
	"testing"
)

func TestOnceTheProgramEndsNoOtherNotificationIsBegun(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, nil)
	notices(t, p, friday, 0, 3)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	box.what = func(Notification) error {
		end()
		return nil
	}
	_ = p.RunOnce(ctx, friday) // its error is the end of ctx
	if got := box.subjects(); !slices.Equal(got, []string{"[Garner] Notice 0"}) {
		t.Fatalf("sent %q", got)
	}
	send(t, p, friday)
	if got := box.subjects(); !slices.Equal(got, []string{"[Garner] Notice 0", "[Garner] Notice 1", "[Garner] Notice 2"}) {
		t.Errorf("after the next start %q", got)
	}
}
