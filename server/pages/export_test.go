package pages

import (
	"net/http"

	"github.com/a-h/templ"
)

// Page is a page that shows a view, as all pages are made.
func (s *Site) View(view templ.Component) http.Handler {
	return s.page(func(*http.Request) (answer, error) { return render(view) })
}

// MapView is a page with a map that shows a view.
func (s *Site) MapView(view templ.Component) http.Handler {
	return s.mapped(func(*http.Request) (answer, error) { return render(view) })
}

// Downloads is how many run.
func (s *Site) Downloads() int { return len(s.exports.taken) }

// Making is how many pages are being made.
func (s *Site) Making() int { return len(s.making.taken) }

// Busy makes as many pages as may be made at once, until free; others are refused at once.
func (s *Site) Busy() (free func()) {
	patience := s.making.patience
	s.making.patience = 0
	for range cap(s.making.taken) {
		s.making.taken <- struct{}{}
	}
	return func() {
		s.making.patience = patience
		for range cap(s.making.taken) {
			<-s.making.taken
		}
	}
}
