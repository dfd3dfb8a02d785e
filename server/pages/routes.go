package pages

import (
	"net/http"

	"garner/server/auth"
)

// routes is a list of routes that is being made, of the pages of a site.
type routes struct {
	site *Site
	list []Route
}

func (l *routes) add(access Access, method, path string, h http.HandlerFunc, page bool) {
	l.list = append(l.list, Route{Method: method, Path: path, Access: access, Handler: h, Page: page})
}

// get adds a page. Those for anyone are small, and take no turn.
func (l *routes) get(access Access, path string, h func(*http.Request) (answer, error)) {
	if access != Anyone {
		h = l.site.inTurn(h)
	}
	l.add(access, http.MethodGet, path, l.site.page(h), true)
}

// post adds what takes a form.
func (l *routes) post(access Access, path string, h func(*http.Request) (answer, error)) {
	l.add(access, http.MethodPost, path, l.site.page(h), false)
}

// file adds what pages load or offer for download.
func (l *routes) file(access Access, path string, h http.HandlerFunc) {
	l.add(access, http.MethodGet, path, h, false)
}

// Routes are those of all pages: they are shown by GET, and every change is a form.
func (s *Site) Routes() []Route {
	to := routes{site: s}
	for _, add := range []func(*routes){s.entryRoutes, s.valueRoutes, s.exportRoutes, s.inboxRoutes, s.arrivalRoutes,
		s.alertRoutes, s.setUpRoutes, s.apiRoutes, s.settingsRoutes, s.peopleRoutes, s.helpRoutes} {
		add(&to)
	}
	return to.list
}

// entryRoutes are those of signing in and of connecting a watch by a link.
func (s *Site) entryRoutes(to *routes) {
	to.get(Anyone, "/signin", s.signInPage)
	to.add(Anyone, http.MethodPost, "/signin", s.pageSetting(s.signIn), false)
	to.add(Anyone, http.MethodPost, "/signout", s.pageSetting(s.signOut), false)
	to.add(Anyone, http.MethodGet, auth.LinkPath, s.pageSetting(s.newPasswordPage), true)
	to.add(Anyone, http.MethodPost, auth.LinkPath, s.pageSetting(s.newPassword), false)
	to.add(Anyone, http.MethodGet, auth.ConnectPath+"{token}", s.connecting(s.connectPage), true)
	to.add(Anyone, http.MethodPost, auth.ConnectPath+"{token}", s.connecting(s.connectBegin), false)
	to.add(Anyone, http.MethodGet, callbackPath, s.connecting(plainly(s.connectReturn)), true)
	to.add(Anyone, http.MethodPost, callbackPath, s.connecting(plainly(s.connectConfirm)), false)
	to.add(Anyone, http.MethodPost, againPath, s.connecting(s.connectAgain), false)
	to.get(Anyone, donePath, s.connectDone)
	to.get(SignedIn, "/reauthenticate", s.reauthenticatePage)
	to.add(SignedIn, http.MethodPost, "/reauthenticate", s.pageSetting(s.reauthenticate), false)
}

// exportRoutes are those of downloads of values.
func (s *Site) exportRoutes(to *routes) {
	to.get(SignedIn, "/export", s.exportPage)
	to.get(Values, "/p/{slug}/export", s.exportPage)
	to.file(SignedIn, "/export.zip", s.exportZIP)
	to.file(SignedIn, dictionaryPath, s.exportDictionary)
	to.file(SignedIn, columnsPath, s.exportColumns)
	to.file(Values, "/p/{slug}/files/{id:[0-9]+}", s.sends(s.activityFile))
	to.file(Values, "/p/{slug}/export/coverage", s.exportCoverage)
	to.file(Values, "/p/{slug}/export/metrics", s.downloads(exportMetrics))
	to.file(Values, "/p/{slug}/export/{type}", s.downloads(exportRecords))
}

// inboxRoutes are those of what was received.
func (s *Site) inboxRoutes(to *routes) {
	to.add(Admin, http.MethodGet, diagnosticsPath, s.diagnostics, false)
	to.get(Admin, "/inbox", s.inboxPage)
	to.post(Admin, "/inbox/again", s.inboxAgain)
	to.get(SignedIn, "/inbox/{id:[0-9]+}", s.delivery)
	to.file(SignedIn, "/inbox/{id:[0-9]+}/body", s.deliveryBody)
	to.post(Admin, "/inbox/{id:[0-9]+}/again", s.deliveryAgain)
	to.post(Admin, "/inbox/{id:[0-9]+}/accept", s.deliveryAccept)
	to.post(Admin, "/inbox/{id:[0-9]+}/aside", s.deliveryAside)
}

// arrivalRoutes are those of how data arrives, what is missing and what Garmin is asked for again.
func (s *Site) arrivalRoutes(to *routes) {
	to.get(SignedIn, "/sync", s.sync)
	to.get(Facts, "/p/{slug}/sync", s.personSync)
	to.post(Change, "/p/{slug}/sync", s.personSyncSave)
	to.post(Change, "/p/{slug}/sync/pause", s.personSyncPause)
	to.get(Facts, "/p/{slug}/sync/{type}", s.typeSync)
	to.post(Change, "/p/{slug}/sync/{type}", s.typeSyncSave)
	to.get(SignedIn, "/coverage", s.coverage)
	to.file(SignedIn, "/coverage.csv", s.sendsFacts(s.coverageCSV))
	to.file(Facts, "/p/{slug}/coverage.csv", s.sendsFacts(s.coverageCSV))
	to.get(Facts, "/p/{slug}/coverage", s.personCoverage)
	to.get(SignedIn, "/backfill", s.backfill)
	to.get(Facts, "/p/{slug}/backfill", s.personBackfill)
	to.get(Change, "/p/{slug}/backfill/plan", s.personBackfillPlan)
	to.post(Change, "/p/{slug}/backfill/plan", s.personBackfillAsk)
	to.post(Change, "/p/{slug}/backfill/cancel", s.personBackfillCancel)
}

// alertRoutes are those of incidents, and of the rules and channels of their notifications.
func (s *Site) alertRoutes(to *routes) {
	to.get(SignedIn, "/alerts", s.alerts)
	to.get(SignedIn, "/alerts/{id:[0-9]+}", s.incidentPage)
	to.post(Admin, "/alerts/rules", s.alertsRule)
	to.post(Admin, "/alerts/rules/delete", s.alertsRuleDelete)
	to.post(SignedIn, "/alerts/pauses", s.alertsPause)
	to.post(SignedIn, "/alerts/pauses/delete", s.alertsPauseDelete)
	to.post(Admin, "/alerts/acknowledge", s.alertsAcknowledge)
	to.post(Admin, "/alerts/test", s.alertsTest)
}

// settingsRoutes are those of the reader's settings and of the installation.
func (s *Site) settingsRoutes(to *routes) {
	to.get(SignedIn, settingsPath, s.settings)
	to.add(SignedIn, http.MethodPost, "/settings/password", s.pageSetting(s.settingsPassword), false)
	to.post(SignedIn, "/settings/preferences", s.settingsPreferences)
	to.post(SignedIn, "/settings/mail", s.settingsMail)
	to.post(SignedIn, "/settings/sharing", s.settingsSharing)
	to.post(SignedIn, "/settings/sessions/end", s.settingsEnd)
	to.post(SignedIn, "/settings/sessions/end-others", s.settingsEndOthers)
	to.get(Admin, backupPath, s.backup)
	to.post(Admin, backupPath, s.backupNow)
	to.post(Admin, backupPath+"/key", s.backupKey)
	to.add(Admin, http.MethodPost, backupPath+"/{id:[0-9]+}/file", s.backupFile, false)
	to.get(Admin, "/audit", s.auditPage)
}

// peopleRoutes are those of people, their connections to Garmin and their accounts.
func (s *Site) peopleRoutes(to *routes) {
	to.get(Change, "/p/{slug}/connection", s.connection)
	to.post(Change, "/p/{slug}/connection/connect", s.connectionConnect)
	to.post(Change, "/p/{slug}/connection/link", s.connectionLink)
	to.post(Change, "/p/{slug}/connection/stop", s.connectionStop)
	to.post(Change, "/p/{slug}/connection/erase", s.connectionErase)
	to.post(Change, "/p/{slug}/connection/key", s.connectionKey)
	to.post(Change, "/p/{slug}/connection/key/remove", s.connectionKeyRemove)
	to.post(Change, "/p/{slug}/connection/ask", s.connectionAsk)
	to.get(Admin, "/people", s.people)
	to.post(Admin, "/people", s.peopleAdd)
	to.get(Admin, "/people/{slug}/invite", s.invite)
	to.post(Admin, "/people/{slug}/invite", s.inviteAdd)
	to.get(Admin, "/accounts/{id:[0-9]+}", s.account)
	to.post(Admin, "/accounts/{id:[0-9]+}/link", s.accountLink)
	to.post(Admin, "/accounts/{id:[0-9]+}/role", s.change(s.accountRole))
	to.post(Admin, "/accounts/{id:[0-9]+}/disabled", s.change(s.accountDisabled))
	to.post(Admin, "/accounts/{id:[0-9]+}/remove", s.accountRemove)
	to.post(Change, "/people/{slug}/units", s.peopleUnits)
}

// helpRoutes are those of help, and of how pages look.
func (s *Site) helpRoutes(to *routes) {
	to.post(Anyone, "/theme", s.setTheme)
	to.post(Anyone, "/keys", s.setKeys)
	to.get(Anyone, "/help", s.help)
	to.get(Anyone, "/help/dictionary", s.dictionary)
}
