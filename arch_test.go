package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// allowed says which of our packages each of them may import. docs/architecture.md
// tells why; a new package or edge belongs in both.
var allowed = map[string][]string{
	"health":                     nil,
	"garmin/element":             nil,
	"garmin/simulator":           nil, // shares nothing with the decoder, or it would repeat its mistakes
	"garmin":                     {"health", "health/history", "garmin/element"},
	"garmin/client":              {"garmin", "garmin/element"},
	"garmin/simulator/service":   {"garmin/simulator"},
	"garmin/fit":                 {"garmin/element"},
	"garmin/personal":            {"health", "garmin", "garmin/client", "garmin/element"},
	"garmin/internal/dictionary": {"garmin"},
	"garmin/internal/sources": {"health", "garmin", "garmin/element", "garmin/fit", "garmin/personal",
		"garmin/personal/personaltest", "garmin/simulator", "garmin/simulator/service"},
	"export":         {"health", "garmin", "garmin/element", "query"},
	"health/alert":   nil,
	"health/history": {"health"},
	"db":             {"health", "health/alert", "health/history", "db/seal"},
	"db/seal":        {"db/durable"},
	"db/durable":     nil,
	"static":         nil,
	"query": {"health", "health/alert", "health/history", "garmin", "garmin/element", "garmin/personal",
		"db"},
	"ui/chart":     {"health", "ui/text"},
	"ui":           {"health", "health/alert", "health/history", "static", "ui/chart", "ui/text", "query"},
	"ui/mail":      nil,
	"ui/text":      {"health", "health/alert", "health/history"},
	"db/filestore": {"db/durable"},
	"jobs": {"health", "garmin", "garmin/client", "garmin/element", "garmin/fit", "garmin/personal", "db",
		"db/filestore"},
	"jobs/backfill": {"health", "health/history", "garmin", "garmin/client", "db"},
	"jobs/backup":   {"db", "db/durable", "db/filestore", "jobs"},
	"jobs/pull":     {"health", "garmin", "garmin/client", "garmin/personal", "db", "jobs"},
	"jobs/connect":  {"health", "db", "garmin", "garmin/client"},
	"jobs/fetch":    {"health", "garmin", "garmin/client", "db", "jobs"},
	"jobs/watch":    {"health", "health/alert", "garmin", "db", "query", "jobs/notify", "ui/text"},
	"jobs/notify":   {"health/alert", "db", "ui/mail", "ui/text"},
	"config":        {"jobs/notify"}, // to check the settings of channels
	"cli": {"config", "query", "health", "health/alert", "health/history", "garmin", "garmin/client", "garmin/personal",
		"garmin/simulator", "garmin/simulator/service", "db", "db/seal", "db/durable", "db/filestore", "export", "jobs",
		"jobs/backfill", "jobs/backup", "jobs/connect", "jobs/fetch", "jobs/pull", "jobs/watch", "jobs/notify", "server",
		"server/auth", "server/certs", "server/pages",
		"server/selftest", "ui/text"},
	// Tests of the built program, its figures, and what runs it for both; in no program.
	"e2e":         nil,
	"e2e/bench":   nil,
	"e2e/mutants": nil,
	"e2e/box":     {"db", "garmin/simulator", "garmin/simulator/service"},
	"server": {"health", "health/alert", "db", "static", "server/api", "server/auth", "server/pages", "server/peer",
		"server/selftest"},
	"server/api": {"health", "health/alert", "health/history", "garmin", "garmin/element", "db", "query", "export", "ui/text",
		"server/auth", "server/peer"},
	"server/api/internal/openapi": {"server/api"},
	"server/auth":                 {"db", "server/peer"},
	"server/peer":                 nil,
	"server/certs":                nil,
	"server/pages": {"health", "health/alert", "health/history", "garmin", "garmin/client", "garmin/personal", "db",
		"db/filestore", "query", "export", "ui", "ui/text", "server/api", "server/auth", "server/peer", "server/selftest", "config"},
	"server/selftest": {"health/alert", "server/peer"},
	// A whole server for tests of pages; it is in no program.
	"server/servertest": {"config", "garmin", "health/alert", "db", "db/filestore", "jobs", "jobs/watch", "jobs/notify", "server",
		"server/auth"},
	// An inbox and a store for tests of jobs, which it must not import; in no program either.
	"jobs/jobstest": {"garmin", "db"},
	// Calls of everything that a key can ask, for tests and generated tables; it is in no program.
	"garmin/personal/personaltest": {"health", "garmin/personal"},
	// An ACME authority for tests; it is in no program.
	"server/certs/acmetest": nil,
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		name, ours := strings.CutPrefix(imports[0], "garner/")
		if !ours {
			if imports[0] == "garner" && slices.ContainsFunc(imports[1:], func(path string) bool {
				return strings.HasPrefix(path, "garner/") && path != "garner/cli"
			}) {
				t.Error("main does more than call cli")
			}
			continue
		}
		may, known := allowed[name]
		if !known {
			t.Errorf("package %s is new: say in arch_test.go and docs/architecture.md where it stands", name)
		}
		seen[name] = true
		for _, path := range imports[1:] {
			if dep, ours := strings.CutPrefix(path, "garner/"); ours && !slices.Contains(may, dep) {
				t.Errorf("%s must not import %s", name, dep)
			}
		}
	}
	for name := range allowed {
		if !seen[name] {
			t.Errorf("package %s is not there", name)
		}
	}
}

// forbidden says what product code may not name, and where it may all the same.
var forbidden = []struct{ what, except, why string }{
	{"os/exec", "", "one program, which starts no others"},
	{"database/sql", "db/", "only db speaks SQL"},
	{"net/http.DefaultClient", "", "it has no timeout and no allow-list"},
	{"net/http.DefaultTransport", "", "it goes wherever the environment's proxy says"},
	{"net/http.Get", "", "it has no timeout and no context"},
	{"net/http.Head", "", "it has no timeout and no context"},
	{"net/http.Post", "", "it has no timeout and no context"},
	{"net/http.PostForm", "", "it has no timeout and no context"},
	{"InsecureSkipVerify", "", "certificates are always verified"},
}

func TestProductCodeKeepsAwayFromTraps(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "e2e/") ||
			strings.HasPrefix(path, "jobs/jobstest/") { // which allowed lets no package but tests import
			continue
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		used := names(file)
		for _, f := range forbidden {
			if pos, ok := used[f.what]; ok && (f.except == "" || !strings.HasPrefix(path, f.except)) {
				t.Errorf("%v: %s: %s", files.Position(pos), f.what, f.why)
			}
		}
	}
}

// names returns where a file uses what: imported packages, what it takes from
// them, and fields.
func names(file *ast.File) map[string]token.Pos {
	used, imports := map[string]token.Pos{}, map[string]string{}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has accepted it
		}
		used[path] = spec.Pos()
		name := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = path
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
				used[imports[x.Name]+"."+n.Sel.Name] = n.Pos()
			}
			used[n.Sel.Name] = n.Pos()
		case *ast.KeyValueExpr:
			if x, ok := n.Key.(*ast.Ident); ok {
				used[x.Name] = n.Pos()
			}
		}
		return true
	})
	return used
}

// goFiles lists the Go files of the module.
func goFiles(t *testing.T) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "data" ||
			entry.Name() == "dist"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".go"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// maxColumns is how long a line may be, a tab counted as one; in tests it may
// hold a longer text.
const maxColumns = 120

func TestLinesStayShort(t *testing.T) {
	t.Parallel()
	for _, path := range goFiles(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		generated := strings.HasPrefix(string(text), "// Code generated")
		for i, line := range strings.Split(string(text), "\n") {
			if n := utf8.RuneCountInString(line); n > maxColumns && !generated && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s:%d has %d columns; no line has over %d", path, i+1, n, maxColumns)
			}
		}
	}
}

// maxLines is how long a file may grow before it wants to be two; tests may be
// longer.
const maxLines = 400

func TestFilesStayShort(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if lines := files.Position(file.FileEnd).Line; lines > maxLines && !ast.IsGenerated(file) {
			t.Errorf("%s has %d lines; no file has over %d", path, lines, maxLines)
		}
	}
}
