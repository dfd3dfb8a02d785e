package main

import (
	"os"
	"testing"

	"garner/garmin"
)

func TestTheDictionaryIsUpToDate(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/data-dictionary.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != garmin.DictionaryMarkdown() {
		t.Error("docs/data-dictionary.md is not what the declarations say; run make generate")
	}
}
