package pages

import (
	"net/http"
	"net/url"
	"strconv"

	"garner/db"
	"garner/query"
	"garner/ui"
)

// auditPage is GET /audit?person=&account=&before=.
func (s *Site) auditPage(r *http.Request) (answer, error) {
	p, err := s.base(r, "Audit log", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	q, reader := r.URL.Query(), s.reader(r, p.Now)
	v := ui.AuditView{Person: q.Get("person"), Account: int64(number(q, "account"))}
	f := db.AuditFilter{Account: v.Account, Before: before(q)}
	if v.Person != "" {
		person, err := reader.Person(r.Context(), v.Person)
		if err != nil {
			return answer{}, err
		}
		f.Person = person.ID
	}
	page, err := reader.Audit(r.Context(), f)
	if err != nil {
		return answer{}, err
	}
	people, err := reader.People(r.Context())
	if err != nil {
		return answer{}, err
	}
	for _, person := range people {
		v.People = append(v.People, link(person))
	}
	if v.Accounts, err = reader.Accounts(r.Context()); err != nil {
		return answer{}, err
	}
	filter := url.Values{}
	if v.Person != "" {
		filter.Set("person", v.Person)
	}
	if v.Account != 0 {
		filter.Set("account", strconv.FormatInt(v.Account, 10))
	}
	v.List = auditList(page, r.URL.Path, filter, f.Before)
	return render(ui.Audit(p, v))
}

// auditList is a page of entries from below an id, with the addresses of the others
// that have the same filter.
func auditList(page *query.AuditPage, path string, filter url.Values, from int64) ui.AuditList {
	list := ui.AuditList{Entries: page.Entries}
	if filter == nil { // other adds to it
		filter = url.Values{}
	}
	if from > 0 {
		list.Newer = path + "?" + filter.Encode()
	}
	if page.Older > 0 {
		list.Older = other(path, filter, "before", int(page.Older))
	}
	return list
}
