package main

import (
	"os"
	"testing"

	"garner/server/api"
)

func TestTheDocumentIsUpToDate(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != string(want)+"\n" {
		t.Error("docs/openapi.json is not what the declarations say; run make generate")
	}
}
