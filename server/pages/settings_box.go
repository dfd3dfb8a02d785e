package pages

import (
	"net/http"

	"garner/query"
	"garner/ui"
)

// boxPath is the page of the settings of the box.
const boxPath = "/settings/box"

// boxURL is where the settings of a step are saved from there.
func boxURL(step query.Step) string { return boxPath + "/" + string(step) }

// boxPage is GET /settings/box.
func (s *Site) boxPage(r *http.Request) (answer, error) {
	return s.boxView(r, "", ui.SettingsForm{}, http.StatusOK)
}

// boxView shows all forms, that of a step as it was typed.
func (s *Site) boxView(r *http.Request, typed query.Step, form ui.SettingsForm, status int) (answer, error) {
	p, err := s.base(r, "Settings of the box", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	b, err := s.box(r)
	if err != nil {
		return answer{}, err
	}
	v := ui.BoxView{Notice: r.URL.Query().Get("flash"), Forms: map[query.Step]ui.SettingsForm{}, Version: s.Version}
	home, err := s.reader(r, p.Now).Household(r.Context())
	if err != nil {
		return answer{}, err
	}
	v.Certificates = ui.NewCertificates(home.Facts.Inside.Certificates, p.Now)
	for _, step := range query.Steps {
		v.Forms[step] = filled(boxForm(step), b, step)
	}
	if typed != "" {
		v.Forms[typed] = form
	}
	return answer{view: ui.Box(p, v), status: status}, nil
}

// boxSave saves the settings of a step from the settings of the box.
func (s *Site) boxSave(r *http.Request, step query.Step) (answer, error) {
	form, ok, err := s.save(r, step, boxForm(step))
	if err != nil {
		return answer{}, err
	}
	if !ok {
		return s.boxView(r, step, form, http.StatusUnprocessableEntity)
	}
	return redirect(boxPath + "?flash=Saved.")
}
