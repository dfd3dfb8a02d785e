package chart

import (
	"slices"
	"testing"
)

func TestCondenseShowsOfEachSlotWhatLastedLongest(t *testing.T) {
	t.Parallel()
	blocks := []Block{{From: -5, To: 4, Class: "a"}, {From: 4, To: 6, Class: "b"}, {From: 6, To: 10, Class: "a"},
		{From: 10, To: 13, Class: "b"},
		{From: 11, To: 19, Class: "a"}, {From: 30, To: 45, Class: "b"}, {From: 50, To: 60, Class: "a"}}
	want := []Block{{From: 0, To: 20, Class: "a"}, {From: 30, To: 40, Class: "b"}}
	if got := Condense(blocks, 0, 40, 4); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got := Condense(blocks, 0, 40, 7); !slices.Equal(got, blocks) {
		t.Errorf("few blocks became %v", got)
	}
	spans := CondenseSpans([]Span{{From: 0, To: 4, Word: "x"}, {From: 4, To: 10, Word: "y"},
		{From: 10, To: 20, Word: "y"}}, 0, 20, 2)
	if !slices.Equal(spans, []Span{{From: 0, To: 20, Word: "y"}}) {
		t.Errorf("spans: %v", spans)
	}
}
