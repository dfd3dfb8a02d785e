package pages

import (
	"net/http"

	"garner/query"
	"garner/ui"
)

// boxURL is where the settings of a step are saved from the settings of the box.
func boxURL(step query.Step) string { return "/settings/box/" + string(step) }

// boxPage is GET /settings/box.
func (s *Site) boxPage(r *http.Request) (answer, error) {
	return s.boxView(r, "", ui.SettingsForm{}, http.StatusOK)
}

// boxView shows all forms, that of a step as it was typed.
func (s *Site) boxView(r *http.Request, typed query.Step, form ui.SettingsForm, status int) (answer, error) {
	p, err := s.base(r, "Settings for everyone", ui.NavSettings)
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
		v.Forms[step] = s.boxForm(b, step)
	}
	if typed != "" {
		v.Forms[typed] = form
	}
	return answer{view: ui.Box(p, v), status: status}, nil
}

func (s *Site) boxForm(b box, step query.Step) ui.SettingsForm {
	form := s.form(b, step, boxURL(step), "Save")
	form.Back = "/settings/box"
	return form
}

// boxSave saves the settings of a step from the settings of the box.
func (s *Site) boxSave(r *http.Request, step query.Step) (answer, error) {
	form, ok, err := s.save(r, step, boxURL(step), "Save")
	if err != nil {
		return answer{}, err
	}
	if !ok {
		form.Back = "/settings/box"
		return s.boxView(r, step, form, http.StatusUnprocessableEntity)
	}
	return redirect("/settings/box?flash=Saved.")
}
