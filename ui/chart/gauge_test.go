package chart

import (
	"context"
	"strings"
	"testing"
)

func TestGaugeStaysOnItsLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    float64
		want string
	}{
		{50, `class="gauge-dot in" cx="48"`},
		{46, `class="gauge-dot in" cx="32"`},
		{54, `class="gauge-dot in" cx="64"`},
		{44, `class="gauge-dot out" cx="24"`},
		{-1000, `class="gauge-dot out" cx="4"`},
		{1000, `class="gauge-dot out" cx="92"`},
	} {
		var b strings.Builder
		if err := Gauge(c.v, 46, 54, c.v >= 46 && c.v <= 54).Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), c.want) {
			t.Errorf("%v: %s, want %s", c.v, b.String(), c.want)
		}
	}
}

func TestGaugeWithoutRangeIsNothing(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := Gauge(50, 0, 0, true).Render(context.Background(), &b); err != nil || b.Len() > 0 {
		t.Errorf("%q, %v", b.String(), err)
	}
}
