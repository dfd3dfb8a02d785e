package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ofOAuth1 reports whether a file goes when OAuth 1 does (docs/oauth1.md).
func ofOAuth1(path string) bool { return strings.HasPrefix(filepath.Base(path), "oauth1") }

func TestAllOfOAuth1CanBeDeleted(t *testing.T) {
	t.Parallel()
	if os.Getenv("GARNER_TEST_ALL") == "" {
		t.Skip("it compiles the program once more; runs with GARNER_TEST_ALL=1")
	}
	gone := map[string]string{}
	for _, path := range goFiles(t) {
		if !ofOAuth1(path) || strings.HasPrefix(path, "e2e/standin/") { // a module of its own
			continue
		}
		at, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		gone[at] = ""
	}
	if len(gone) == 0 {
		t.Fatal("OAuth 1 is deleted: delete this test too, and what docs/oauth1.md names")
	}
	overlay, err := json.Marshal(map[string]any{"Replace": gone})
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(at, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	// It compiles as go build does, and links nothing.
	if out, err := exec.Command("go", "list", "-export", "-overlay", at, "./...").CombinedOutput(); err != nil {
		t.Errorf("without the files of OAuth 1: %v\n%s", err, out)
	}
}

// TestWhatOnlyOAuth1UsesSaysSo finds by name what would be left for no one: a name
// that stands once in all other product code, where it is declared, and in OAuth 1.
func TestWhatOnlyOAuth1UsesSaysSo(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	uses, inOAuth1, declared := map[string]int{}, map[string]bool{}, map[string]*ast.CommentGroup{}
	where := map[string]token.Pos{}
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "e2e/") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for n := range ast.Preorder(file) {
			if id, ok := n.(*ast.Ident); ok && ofOAuth1(path) {
				inOAuth1[id.Name] = true
			} else if ok {
				uses[id.Name]++
				where[id.Name] = id.Pos()
			}
			if ofOAuth1(path) {
				continue
			}
			switch d := n.(type) {
			case *ast.FuncDecl:
				declared[d.Name.Name] = d.Doc
			case *ast.Field:
				for _, name := range d.Names {
					declared[name.Name] = d.Doc
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					for name, doc := range specified(spec, d.Doc) {
						declared[name] = doc
					}
				}
			}
		}
	}
	for name, doc := range declared {
		if inOAuth1[name] && uses[name] == 1 && !strings.Contains(doc.Text(), "OAuth 1") {
			t.Errorf("%v: only OAuth 1 uses %s: say so in its comment, or move it to a file of OAuth 1",
				files.Position(where[name]), name)
		}
	}
}

// specified are the names of a declaration with their comments; above is that of the
// group.
func specified(spec ast.Spec, above *ast.CommentGroup) map[string]*ast.CommentGroup {
	out := map[string]*ast.CommentGroup{}
	add := func(doc *ast.CommentGroup, names ...*ast.Ident) {
		if doc == nil {
			doc = above
		}
		for _, name := range names {
			out[name.Name] = doc
		}
	}
	switch s := spec.(type) {
	case *ast.TypeSpec:
		add(s.Doc, s.Name)
	case *ast.ValueSpec:
		add(s.Doc, s.Names...)
	}
	return out
}
