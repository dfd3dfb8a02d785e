package pages

import (
	"strings"
	"time"

	"garner/query"
	"garner/server/auth"
	"garner/ui"
)

// fieldsOf are the settings of a step; nil for a step without settings.
func fieldsOf(step query.Step) []ui.SettingField {
	switch step {
	case query.StepSource:
		return sourceFields()
	case query.StepAddress:
		return addressFields()
	case query.StepGarmin:
		return garminFields()
	case query.StepMail:
		return mailFields()
	case query.StepPreferences:
		return preferenceFields()
	case query.StepMap:
		return mapFields()
	}
	return nil
}

func sourceFields() []ui.SettingField {
	return []ui.SettingField{{Key: query.SettingSource, Label: "Source", Kind: ui.FieldChoice,
		Options: []ui.SettingOption{{Value: query.SourcePush,
			Text: "Garmin’s developer programme (business keys): Garmin pushes to this machine"},
			{Value: query.SourceKey, Text: "I only have a watch: paste a key of my own, and Garner asks Garmin"}}}}
}

func addressFields() []ui.SettingField {
	return []ui.SettingField{{Key: "public_url", Label: "Public address", Kind: ui.FieldText,
		Help: "Such as https://garner.example.org, without a path. Default: none, and Garmin cannot push. " +
			"Garner answers to its name, and callback URLs and links in mails begin with it."}}
}

func garminFields() []ui.SettingField {
	return []ui.SettingField{
		{Key: "garmin.client_id", Label: "Client id", Kind: ui.FieldText,
			Help: "Also called consumer key. Default: none, and Garner accepts every client id."},
		{Key: "garmin.client_secret", Label: "Client secret", Kind: ui.FieldSecret,
			Help: "Kept encrypted. Default: none. Receiving works without it, but people cannot connect. " +
				"Register the public address followed by " + auth.ReturnPath + " as redirect URI in Garmin's portal."},
	}
}

func mailFields() []ui.SettingField {
	return []ui.SettingField{
		{Key: "mail.host", Label: "Server", Kind: ui.FieldText,
			Help: "Such as smtp.example.org. Default: none, and no mail is sent."},
		{Key: "mail.port", Label: "Port", Kind: ui.FieldText, Help: "Default: 587."},
		{Key: "mail.tls", Label: "Encryption", Kind: ui.FieldChoice, Options: []ui.SettingOption{
			{Value: "", Text: "Default: implicit on port 465, none on this machine, STARTTLS elsewhere"},
			{Value: "starttls", Text: "STARTTLS"}, {Value: "implicit", Text: "implicit TLS"},
			{Value: "none", Text: "none, for a server on this machine"}}},
		{Key: "mail.username", Label: "User", Kind: ui.FieldText, Help: "Default: none, and Garner does not sign in."},
		{Key: "mail.password", Label: "Password", Kind: ui.FieldSecret, Help: "Kept encrypted. Needed if there is a user."},
		{Key: "mail.from", Label: "From", Kind: ui.FieldText, Help: "The sender’s address. Needed if there is a server."},
		{Key: "mail.to", Label: "To", Kind: ui.FieldText,
			Help: "Who gets the alerts of the household: one or more addresses, with commas between them."},
	}
}

func preferenceFields() []ui.SettingField {
	return append(unitFields(), []ui.SettingField{
		{Key: query.SettingClock, Label: "Clock", Kind: ui.FieldChoice, Options: []ui.SettingOption{
			{Value: "", Text: "Default: 24 hours"}, {Value: "12", Text: "12 hours"}, {Value: "24", Text: "24 hours"}}},
		{Key: query.SettingWeekStart, Label: "First day of the week", Kind: ui.FieldChoice, Options: []ui.SettingOption{
			{Value: "", Text: "Default: Monday"}, {Value: string(ui.Monday), Text: "Monday"},
			{Value: string(ui.Saturday), Text: "Saturday"}, {Value: string(ui.Sunday), Text: "Sunday"}}},
		{Key: query.SettingZone, Label: "Home time zone", Kind: ui.FieldZone,
			Help: "Such as Europe/Berlin. Default: that of this machine, " + time.Now().Format("MST") +
				". Quiet hours, summaries and pages about the household use it."},
	}...)
}

// unitFields are the choices about units.
func unitFields() (fields []ui.SettingField) {
	for i, c := range ui.UnitChoices {
		empty := "Default: as the units"
		if c.System() {
			empty = "Default: those of the person who is shown"
		}
		fields = append(fields, ui.SettingField{Key: query.SettingsOfUnits[i], Label: c.Label, Kind: ui.FieldChoice,
			Options: append([]ui.SettingOption{{Value: "", Text: empty}}, c.Options...)})
	}
	return fields
}

func mapFields() []ui.SettingField {
	return []ui.SettingField{
		{Key: "map.tiles", Label: "Tile address", Kind: ui.FieldText,
			Help: "With {z}, {x} and {y}, such as https://tiles.example.org/{z}/{x}/{y}.png. Default: none, and maps show a grid. " +
				"With an address, the browser of each reader loads tiles from that host, which learns where people were, and when " +
				"their activities are looked at."},
		{Key: "map.attribution", Label: "Attribution", Kind: ui.FieldText,
			Help: "Who made the tiles, such as © OpenStreetMap contributors. Shown on each map; needed if there is a tile address."},
		{Key: "map.max_zoom", Label: "Highest zoom", Kind: ui.FieldText,
			Help: "The highest zoom for which there are tiles, 1 to 22. Default: 19."},
	}
}

// configKey reports whether a setting is one of the configuration.
func configKey(key string) bool {
	return !strings.HasPrefix(key, "setup.") && !strings.HasPrefix(key, "preferences.")
}

// setUpForm is the form of a step in the set-up, without its fields.
func setUpForm(step query.Step) ui.SettingsForm {
	return ui.SettingsForm{Action: stepURL(step), Button: "Save and continue", Back: stepURL(step)}
}

// boxForm is that of the same step in the settings of the box.
func boxForm(step query.Step) ui.SettingsForm {
	return ui.SettingsForm{Action: boxURL(step), Button: "Save", Back: boxPath}
}

// filled is a form with the fields of a step, and with what is set.
func filled(form ui.SettingsForm, b box, step query.Step) ui.SettingsForm {
	fields := fieldsOf(step)
	for i := range fields {
		f := &fields[i]
		f.Value, f.IsSet = b.settings[f.Key]
		if configKey(f.Key) && b.cfg.IsSet(f.Key) {
			f.Fixed, f.Value = true, b.cfg.Text(f.Key)
		}
		if f.Kind == ui.FieldSecret {
			f.IsSet, f.Sealed = f.IsSet || f.Value != "", b.sealed[f.Key] != nil
			f.Value = ""
		}
		f.Suggest = form.Action == stepURL(step)
		if f.Kind == ui.FieldChoice && len(f.Options) == 1 {
			f.Value = f.Options[0].Value
		}
	}
	form.Fields = fields
	return form
}
