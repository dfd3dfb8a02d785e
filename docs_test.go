package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages are the documents that name our files, packages and tests.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "docs/install/*.md"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[path] = string(text)
		}
	}
	return texts
}

var (
	quoted = regexp.MustCompile("`([^`\n]+)`")
	linked = regexp.MustCompile(`\]\(([^)#:]+)\)`)
	aTest  = regexp.MustCompile(`^Test[A-Z]\w+$`)
)

// ours reports whether a word is a path that begins with one of our folders, and
// stands for itself: "garmin/dailies.go", not "ui/view….go".
func ours(word string) bool {
	folder, _, is := strings.Cut(word, "/")
	info, err := os.Stat(folder)
	return is && folder != "." && err == nil && info.IsDir() && !strings.ContainsAny(word, " …")
}

func TestDocumentsNameOnlyFilesThatExist(t *testing.T) {
	t.Parallel()
	for page, text := range pages(t) {
		for _, match := range quoted.FindAllStringSubmatch(text, -1) {
			if found, err := filepath.Glob(match[1]); ours(match[1]) && len(found) == 0 {
				t.Errorf("%s names %s, which does not exist (%v)", page, match[1], err)
			}
		}
		for _, match := range linked.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), match[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}

func TestDocumentsNameOnlyTestsThatExist(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, path := range goFiles(t) {
		if !strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	for page, text := range pages(t) {
		if page == "CONTRIBUTING.md" {
			continue // its test is an example of a name
		}
		for _, match := range quoted.FindAllStringSubmatch(text, -1) {
			if aTest.MatchString(match[1]) && !strings.Contains(code.String(), "func "+match[1]+"(") {
				t.Errorf("%s names %s, which does not exist", page, match[1])
			}
		}
	}
}

func TestTheArchitectureListsEveryPackageWithItsImports(t *testing.T) {
	t.Parallel()
	rows := map[string][]string{}
	for line := range strings.Lines(pages(t)["docs/architecture.md"]) {
		cells := strings.Split(line, "|")
		if name := quoted.FindStringSubmatch(line); len(cells) == 5 && name != nil {
			rows[name[1]] = nil
			for _, match := range quoted.FindAllStringSubmatch(cells[3], -1) {
				rows[name[1]] = append(rows[name[1]], match[1])
			}
			slices.Sort(rows[name[1]])
		}
	}
	for name, imports := range allowed {
		if _, listed := rows[name]; !listed {
			t.Errorf("docs/architecture.md does not list %s", name)
		}
		if want := slices.Sorted(slices.Values(imports)); !slices.Equal(rows[name], want) {
			t.Errorf("docs/architecture.md says that %s imports %v, arch_test.go allows %v", name, rows[name], want)
		}
	}
}
