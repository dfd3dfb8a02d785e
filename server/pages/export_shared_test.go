package pages_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"garner/db"
	"garner/server/servertest"
)

// withDays has a day of each of a family, with 4321, 4322 and 4323 steps.
func withDays(t *testing.T) family {
	t.Helper()
	f := newFamily(t)
	for _, n := range []string{"1", "2", "3"} {
		day := strings.NewReplacer("u1", "u"+n, "1234", "432"+n).Replace(servertest.ADay)
		if status := f.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(day)); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	f.Run()
	return f
}

func TestAnAdminExportsThoseWhoAllowItAndNoOneElse(t *testing.T) {
	t.Parallel()
	f := withDays(t) // only Mira has no account
	f.As("root")
	for path, status := range map[string]int{"/export?person=ben": http.StatusForbidden,
		"/export.zip?person=ben": http.StatusForbidden, "/export.zip?person=mira": http.StatusOK} {
		if w := f.Get(path); w.Code != status {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if page := f.Page("/export"); strings.Contains(page, `value="ben"`) {
		t.Error("the form offers Ben")
	}
	if page := f.Page("/export"); strings.Contains(page, "No one shares values") {
		t.Error("the form does not offer Mira")
	}
	if err := f.Store.SetAdminsRead(t.Context(), f.person("ben"), true); err != nil {
		t.Fatal(err)
	}
	files, _ := unzipped(t, f.Site, "/export.zip")
	all := fmt.Sprint(files)
	if strings.Contains(all, "4321") || !strings.Contains(all, "4322") || !strings.Contains(all, "4323") {
		t.Error("the archive does not hold Ben and Mira only")
	}
	of := strconv.FormatInt(f.person("ada"), 10)
	if slices.ContainsFunc(f.log(db.ActionExported), func(e string) bool { return strings.HasPrefix(e, of+" ") }) {
		t.Error("the audit log says that Ada was exported")
	}
}
